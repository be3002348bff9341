//! Runs the program in a world of its own: no configuration, one day, no colour.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The day every test asks for.
pub const DAY: &str = "2026-11-24";

/// A directory that goes when the test ends.
pub struct Place(PathBuf);

impl Place {
    pub fn new() -> Place {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("maquette-cli-{}-{n}", std::process::id()));
        fs::create_dir_all(dir.join("config")).unwrap();
        Place(dir)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file and names it as an argument.
    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The program, with this place as its working directory.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut c = Command::new(env!("CARGO_BIN_EXE_maquette"));
        if !args.contains(&"--as-of") {
            c.args(["--as-of", DAY]);
        }
        c.args(args)
            .current_dir(&self.0)
            .env("MAQUETTE_CONFIG_DIR", self.0.join("config"))
            .env("MAQUETTE_DATA_DIR", self.0.join("data"))
            .env("NO_COLOR", "1")
            .env_remove("COLUMNS");
        c
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::of(args, &self.command(args).output().unwrap())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub struct Ran {
    pub args: String,
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(args: &[&str], output: &Output) -> Ran {
        Ran {
            args: args.join(" "),
            code: output.status.code().expect("the program was not killed"),
            out: String::from_utf8(output.stdout.clone()).expect("UTF-8"),
            err: String::from_utf8(output.stderr.clone()).expect("UTF-8"),
        }
    }

    /// Done: nothing on stderr.
    #[track_caller]
    pub fn done(self) -> Ran {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.args);
        self
    }

    /// The request is wrong: no data, an error that says so, and what is wrong.
    #[track_caller]
    pub fn refused(self, says: &str) -> Ran {
        assert_eq!(self.code, 2, "{}: {}", self.args, self.err);
        assert_eq!(self.out, "", "{}: an error is no data", self.args);
        assert!(
            self.err.starts_with("error: "),
            "{}: {}",
            self.args,
            self.err
        );
        assert!(self.err.contains(says), "{}: {}", self.args, self.err);
        self.calm()
    }

    /// No panic, no unfinished sentence, no code point of a terminal.
    #[track_caller]
    pub fn calm(self) -> Ran {
        for word in ["panicked", "RUST_BACKTRACE", "\u{1b}", "Some(", "Err("] {
            assert!(!self.err.contains(word), "{}: {}", self.args, self.err);
        }
        self
    }
}

/// Runs in an empty place.
pub fn maquette(args: &[&str]) -> Ran {
    Place::new().run(args)
}

/// `choose` on a machine without a GPU.
pub fn choose(args: &[&str]) -> Ran {
    maquette(&[&["choose", "--gpu", "none"], args].concat())
}

pub fn catalog_of_the_project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog")
}
