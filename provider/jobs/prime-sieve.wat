;; Counts primes by the sieve of Eratosthenes.
;; input:  u32 LE limit, at most 2^22
;; output: u32 LE number of primes <= limit, u64 LE their sum
;; status: 0; 1 when the input has another length, 2 when the limit is too high
(module
  (import "computronium" "input_length" (func $inputLength (result i32)))
  (import "computronium" "input_read" (func $inputRead (param i32 i32 i32) (result i32)))
  (import "computronium" "output_write" (func $outputWrite (param i32 i32)))
  ;; 0..15: input and output; from 16: one byte per number, 1 where it is composite
  (memory (export "memory") 1 66)
  (func (export "run") (result i32)
    (local $limit i32) (local $n i32) (local $multiple i32) (local $count i32) (local $sum i64)
    (if (i32.ne (call $inputLength) (i32.const 4)) (then (return (i32.const 1))))
    (drop (call $inputRead (i32.const 0) (i32.const 0) (i32.const 4)))
    (local.set $limit (i32.load (i32.const 0)))
    (if (i32.gt_u (local.get $limit) (i32.const 4194304)) (then (return (i32.const 2))))
    (if (i32.eq (memory.grow (i32.const 65)) (i32.const -1)) (then unreachable))
    (local.set $n (i32.const 2))
    (block $done
      (loop $next
        (br_if $done (i32.gt_u (local.get $n) (local.get $limit)))
        (if (i32.eqz (i32.load8_u offset=16 (local.get $n)))
          (then
            (local.set $count (i32.add (local.get $count) (i32.const 1)))
            (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (local.get $n))))
            ;; from n*n, which fits 32 bits when n is below 2^16; larger n have no multiple to strike
            (if (i32.lt_u (local.get $n) (i32.const 65536))
              (then
                (local.set $multiple (i32.mul (local.get $n) (local.get $n)))
                (block $struck
                  (loop $strike
                    (br_if $struck (i32.gt_u (local.get $multiple) (local.get $limit)))
                    (i32.store8 offset=16 (local.get $multiple) (i32.const 1))
                    (local.set $multiple (i32.add (local.get $multiple) (local.get $n)))
                    (br $strike)))))))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br $next)))
    (i32.store (i32.const 0) (local.get $count))
    (i64.store (i32.const 4) (local.get $sum))
    (call $outputWrite (i32.const 0) (i32.const 12))
    (i32.const 0)))
