;; Hashes 32 bytes over and over with SHA-256 (FIPS 180-4): x, H(x), H(H(x)), …
;; input:  32 bytes, u32 LE number of rounds
;; output: 32 bytes
;; status: 0; 1 when the input has another length
(module
  (import "computronium" "input_length" (func $inputLength (result i32)))
  (import "computronium" "input_read" (func $inputRead (param i32 i32 i32) (result i32)))
  (import "computronium" "output_write" (func $outputWrite (param i32 i32)))
  ;; 0: 64 round constants · 256: initial state · 288: message schedule of 64 words · 544: input, output
  (memory (export "memory") 1 1)
  ;; the fractions of the cube roots of the first 64 primes, and of the square roots of the first 8
  (data (i32.const 0)
    "\98\2f\8a\42\91\44\37\71\cf\fb\c0\b5\a5\db\b5\e9"
    "\5b\c2\56\39\f1\11\f1\59\a4\82\3f\92\d5\5e\1c\ab"
    "\98\aa\07\d8\01\5b\83\12\be\85\31\24\c3\7d\0c\55"
    "\74\5d\be\72\fe\b1\de\80\a7\06\dc\9b\74\f1\9b\c1"
    "\c1\69\9b\e4\86\47\be\ef\c6\9d\c1\0f\cc\a1\0c\24"
    "\6f\2c\e9\2d\aa\84\74\4a\dc\a9\b0\5c\da\88\f9\76"
    "\52\51\3e\98\6d\c6\31\a8\c8\27\03\b0\c7\7f\59\bf"
    "\f3\0b\e0\c6\47\91\a7\d5\51\63\ca\06\67\29\29\14"
    "\85\0a\b7\27\38\21\1b\2e\fc\6d\2c\4d\13\0d\38\53"
    "\54\73\0a\65\bb\0a\6a\76\2e\c9\c2\81\85\2c\72\92"
    "\a1\e8\bf\a2\4b\66\1a\a8\70\8b\4b\c2\a3\51\6c\c7"
    "\19\e8\92\d1\24\06\99\d6\85\35\0e\f4\70\a0\6a\10"
    "\16\c1\a4\19\08\6c\37\1e\4c\77\48\27\b5\bc\b0\34"
    "\b3\0c\1c\39\4a\aa\d8\4e\4f\ca\9c\5b\f3\6f\2e\68"
    "\ee\82\8f\74\6f\63\a5\78\14\78\c8\84\08\02\c7\8c"
    "\fa\ff\be\90\eb\6c\50\a4\f7\a3\f9\be\f2\78\71\c6")
  (data (i32.const 256)
    "\67\e6\09\6a\85\ae\67\bb\72\f3\6e\3c\3a\f5\4f\a5"
    "\7f\52\0e\51\8c\68\05\9b\ab\d9\83\1f\19\cd\e0\5b")

  (func $swap (param $x i32) (result i32)
    (i32.or
      (i32.and (i32.rotl (local.get $x) (i32.const 8)) (i32.const 0x00ff00ff))
      (i32.and (i32.rotr (local.get $x) (i32.const 8)) (i32.const 0xff00ff00))))

  ;; s0 and s1 of the schedule
  (func $small0 (param $x i32) (result i32)
    (i32.xor
      (i32.xor (i32.rotr (local.get $x) (i32.const 7)) (i32.rotr (local.get $x) (i32.const 18)))
      (i32.shr_u (local.get $x) (i32.const 3))))
  (func $small1 (param $x i32) (result i32)
    (i32.xor
      (i32.xor (i32.rotr (local.get $x) (i32.const 17)) (i32.rotr (local.get $x) (i32.const 19)))
      (i32.shr_u (local.get $x) (i32.const 10))))

  ;; the schedule's first 16 words hold the padded block; 32 bytes always make one block
  (func $compress
    (local $t i32) (local $t1 i32) (local $t2 i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32)
    (local $e i32) (local $f i32) (local $g i32) (local $h i32)
    (local.set $t (i32.const 64))
    (loop $extend
      (i32.store offset=288 (local.get $t)
        (i32.add
          (i32.add
            (call $small1 (i32.load offset=280 (local.get $t)))
            (i32.load offset=260 (local.get $t)))
          (i32.add
            (call $small0 (i32.load offset=228 (local.get $t)))
            (i32.load offset=224 (local.get $t)))))
      (local.set $t (i32.add (local.get $t) (i32.const 4)))
      (br_if $extend (i32.lt_u (local.get $t) (i32.const 256))))
    (local.set $a (i32.load offset=256 (i32.const 0)))
    (local.set $b (i32.load offset=260 (i32.const 0)))
    (local.set $c (i32.load offset=264 (i32.const 0)))
    (local.set $d (i32.load offset=268 (i32.const 0)))
    (local.set $e (i32.load offset=272 (i32.const 0)))
    (local.set $f (i32.load offset=276 (i32.const 0)))
    (local.set $g (i32.load offset=280 (i32.const 0)))
    (local.set $h (i32.load offset=284 (i32.const 0)))
    (local.set $t (i32.const 0))
    (loop $round
      (local.set $t1
        (i32.add
          (i32.add
            (i32.add (local.get $h) (i32.load (local.get $t)))
            (i32.load offset=288 (local.get $t)))
          (i32.add
            (i32.xor
              (i32.xor (i32.rotr (local.get $e) (i32.const 6)) (i32.rotr (local.get $e) (i32.const 11)))
              (i32.rotr (local.get $e) (i32.const 25)))
            (i32.xor
              (i32.and (local.get $e) (local.get $f))
              (i32.and (i32.xor (local.get $e) (i32.const -1)) (local.get $g))))))
      (local.set $t2
        (i32.add
          (i32.xor
            (i32.xor (i32.rotr (local.get $a) (i32.const 2)) (i32.rotr (local.get $a) (i32.const 13)))
            (i32.rotr (local.get $a) (i32.const 22)))
          (i32.xor
            (i32.xor
              (i32.and (local.get $a) (local.get $b))
              (i32.and (local.get $a) (local.get $c)))
            (i32.and (local.get $b) (local.get $c)))))
      (local.set $h (local.get $g))
      (local.set $g (local.get $f))
      (local.set $f (local.get $e))
      (local.set $e (i32.add (local.get $d) (local.get $t1)))
      (local.set $d (local.get $c))
      (local.set $c (local.get $b))
      (local.set $b (local.get $a))
      (local.set $a (i32.add (local.get $t1) (local.get $t2)))
      (local.set $t (i32.add (local.get $t) (i32.const 4)))
      (br_if $round (i32.lt_u (local.get $t) (i32.const 256))))
    ;; the digest's words become the first half of the next block
    (i32.store (i32.const 288) (i32.add (local.get $a) (i32.load (i32.const 256))))
    (i32.store (i32.const 292) (i32.add (local.get $b) (i32.load (i32.const 260))))
    (i32.store (i32.const 296) (i32.add (local.get $c) (i32.load (i32.const 264))))
    (i32.store (i32.const 300) (i32.add (local.get $d) (i32.load (i32.const 268))))
    (i32.store (i32.const 304) (i32.add (local.get $e) (i32.load (i32.const 272))))
    (i32.store (i32.const 308) (i32.add (local.get $f) (i32.load (i32.const 276))))
    (i32.store (i32.const 312) (i32.add (local.get $g) (i32.load (i32.const 280))))
    (i32.store (i32.const 316) (i32.add (local.get $h) (i32.load (i32.const 284)))))

  ;; 8 words between memory and schedule, with the order of bytes reversed
  (func $copySwapped (param $to i32) (param $from i32)
    (local $i i32)
    (loop $next
      (i32.store (i32.add (local.get $to) (local.get $i))
        (call $swap (i32.load (i32.add (local.get $from) (local.get $i)))))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 32)))))

  (func (export "run") (result i32)
    (local $rounds i32)
    (if (i32.ne (call $inputLength) (i32.const 36)) (then (return (i32.const 1))))
    (drop (call $inputRead (i32.const 544) (i32.const 0) (i32.const 36)))
    (local.set $rounds (i32.load (i32.const 576)))
    (call $copySwapped (i32.const 288) (i32.const 544))
    ;; padding of a 256-bit message: a one, zeros, the length
    (i32.store (i32.const 320) (i32.const 0x80000000))
    (i32.store (i32.const 348) (i32.const 256))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $rounds)))
        (call $compress)
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br $next)))
    (call $copySwapped (i32.const 544) (i32.const 288))
    (call $outputWrite (i32.const 544) (i32.const 32))
    (i32.const 0)))
