//! A reader that closes the pipe has what it wanted.

use std::io::Read;
use std::process::Stdio;

use crate::run::Place;

#[test]
fn a_closed_pipe_ends_with_zero_and_says_nothing() {
    let place = Place::new();
    for format in ["json", "csv", "markdown"] {
        let args = ["prices", "--all", "--format", format];
        // More than a pipe holds, so that the program meets the closed end.
        assert!(place.run(&args).done().out.len() > 100_000);
        let mut child = place
            .command(&args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 10];
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut first).unwrap();
        drop(out);
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(0), "{format}");
        assert_eq!(String::from_utf8(ended.stderr).unwrap(), "", "{format}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let place = Place::new();
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = place
        .command(&["models"])
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_ne!(output.status.code(), Some(0));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains("the answer cannot be written"), "{err}");
    assert!(!err.contains("panicked"), "{err}");
}
