//! The guide on paper: the page with everything, printed by a browser that is installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use maquette_app::AppError;

/// Programs that print without a window, by the names under which they are installed.
const BROWSERS: [&str; 7] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
];

/// The browser asked for, or the first of those known that is on the path.
pub fn browser(asked: Option<&Path>) -> Result<PathBuf, AppError> {
    if let Some(path) = asked {
        return Ok(path.to_owned());
    }
    let dirs: Vec<PathBuf> = std::env::var_os("PATH")
        .map(|p| std::env::split_paths(&p).collect())
        .unwrap_or_default();
    let names = BROWSERS.map(|n| format!("{n}{}", std::env::consts::EXE_SUFFIX));
    names
        .iter()
        .flat_map(|n| dirs.iter().map(move |d| d.join(n)))
        .find(|p| p.is_file())
        .ok_or_else(|| {
            AppError::request("no browser was found that can print the guide").hint(format!(
                "looked on the path for {}; --browser names another, and any browser prints all.html by hand",
                BROWSERS.join(", ")
            ))
        })
}

/// Prints the site's page with everything to `file`.
pub fn print(browser: &Path, site: &Path, file: &Path) -> Result<(), AppError> {
    let wrong = |because: String| {
        AppError::request(format!(
            "{} did not print {}",
            browser.display(),
            file.display()
        ))
        .because(because)
    };
    let whole = |p: &Path| std::path::absolute(p).map_err(|e| wrong(e.to_string()));
    let page = url::Url::from_file_path(whole(&site.join("all.html"))?)
        .map_err(|()| wrong("the page has no address".to_owned()))?;
    let out = whole(file)?;
    // An older one must not be taken for this.
    if out.exists() {
        std::fs::remove_file(&out).map_err(|e| wrong(e.to_string()))?;
    }
    let mut print = std::ffi::OsString::from("--print-to-pdf=");
    print.push(&out);
    let ran = Command::new(browser)
        .args([
            "--headless",
            "--disable-gpu",
            "--no-sandbox",
            "--no-pdf-header-footer",
        ])
        .arg(print)
        .arg(page.as_str())
        .stdin(Stdio::null())
        .output()
        .map_err(|e| wrong(e.to_string()))?;
    let begins = std::fs::read(&out).is_ok_and(|bytes| bytes.starts_with(b"%PDF-"));
    if ran.status.success() && begins {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    let last = said
        .lines()
        .rev()
        .find(|l| !l.trim().is_empty())
        .unwrap_or("it said nothing");
    Err(wrong(format!("{}; {last}", ran.status)))
}
