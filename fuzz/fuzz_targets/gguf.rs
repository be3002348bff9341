//! Any bytes as a gguf file: no panic, and what is kept adds up.
//! `.ci/fuzz SECONDS` runs it.

#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let length = bytes.len() as u64;
    if let Ok(header) = maquette_scan::gguf::read_from(Cursor::new(bytes), length) {
        let data: u64 = header.tensors.iter().map(|tensor| tensor.bytes).sum();
        assert!(
            data <= length,
            "tensors of {data} bytes in a file of {length}"
        );
    }
});
