;; Multiplies two square matrices of 32-bit numbers, modulo 2^32.
;; input:  u32 LE n (at most 512), then A and B, row by row, u32 LE each
;; output: A*B, row by row, u32 LE each
;; status: 0; 1 when the input has another length than n says, 2 when n is too large
(module
  (import "computronium" "input_length" (func $inputLength (result i32)))
  (import "computronium" "input_read" (func $inputRead (param i32 i32 i32) (result i32)))
  (import "computronium" "output_write" (func $outputWrite (param i32 i32)))
  ;; 0: the input (n at 0, A at 4, B behind it), then C
  (memory (export "memory") 1 64)
  (func (export "run") (result i32)
    (local $n i32) (local $row i32) (local $size i32) (local $b i32) (local $c i32)
    (local $i i32) (local $j i32) (local $k i32) (local $sum i32) (local $pages i32)
    (if (i32.lt_u (call $inputLength) (i32.const 4)) (then (return (i32.const 1))))
    (drop (call $inputRead (i32.const 0) (i32.const 0) (i32.const 4)))
    (local.set $n (i32.load (i32.const 0)))
    (if (i32.gt_u (local.get $n) (i32.const 512)) (then (return (i32.const 2))))
    (local.set $row (i32.shl (local.get $n) (i32.const 2)))
    (local.set $size (i32.mul (local.get $row) (local.get $n)))
    (local.set $b (i32.add (i32.const 4) (local.get $size)))
    (local.set $c (i32.add (local.get $b) (local.get $size)))
    (if (i32.ne (call $inputLength) (local.get $c)) (then (return (i32.const 1))))
    ;; whole pages for the input and C, less the one that is there
    (local.set $pages (i32.shr_u (i32.add (local.get $c) (local.get $size)) (i32.const 16)))
    (if (i32.eq (memory.grow (local.get $pages)) (i32.const -1)) (then unreachable))
    (drop (call $inputRead (i32.const 0) (i32.const 0) (local.get $c)))
    (block $rowsDone
      (loop $rows
        (br_if $rowsDone (i32.ge_u (local.get $i) (local.get $n)))
        (local.set $j (i32.const 0))
        (block $columnsDone
          (loop $columns
            (br_if $columnsDone (i32.ge_u (local.get $j) (local.get $n)))
            (local.set $sum (i32.const 0))
            (local.set $k (i32.const 0))
            (block $sumDone
              (loop $terms
                (br_if $sumDone (i32.ge_u (local.get $k) (local.get $n)))
                (local.set $sum
                  (i32.add
                    (local.get $sum)
                    (i32.mul
                      (i32.load offset=4
                        (i32.add
                          (i32.mul (local.get $i) (local.get $row))
                          (i32.shl (local.get $k) (i32.const 2))))
                      (i32.load
                        (i32.add
                          (local.get $b)
                          (i32.add
                            (i32.mul (local.get $k) (local.get $row))
                            (i32.shl (local.get $j) (i32.const 2))))))))
                (local.set $k (i32.add (local.get $k) (i32.const 1)))
                (br $terms)))
            (i32.store
              (i32.add
                (local.get $c)
                (i32.add
                  (i32.mul (local.get $i) (local.get $row))
                  (i32.shl (local.get $j) (i32.const 2))))
              (local.get $sum))
            (local.set $j (i32.add (local.get $j) (i32.const 1)))
            (br $columns)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $rows)))
    (call $outputWrite (local.get $c) (local.get $size))
    (i32.const 0)))
