//! The smallest catalog that has one of everything.

use maquette_catalog::{Catalog, Parsed, Problem, SourceFile, check, line_column, parse};
use maquette_core::Date;

pub const MODEL: &str = r#"id = "pix"
name = "Pix"
modality = "image"
family = "pix"
openness = "open"
license = "free"
aliases = ["pixie"]
released = "2026-01"
source = "https://example.org/pix"
as_of = "2026-03-01"
confidence = "high"

[[timing]]
gpu = "card"
seconds = "2.5"
per = "output"
width = 1024
height = 1024
tier = "A"
source = "https://example.org/bench"
as_of = "2026-03-01"
confidence = "high"
"#;

pub const LICENSE: &str = r#"id = "free"
name = "Free License"
class = "permissive"
verified = "text"
commercial_weights = "yes"
commercial_outputs = "yes"
sources = ["https://example.org/free"]
as_of = "2026-03-01"
"#;

pub const PROVIDER: &str = r#"id = "shop"
name = "Shop"
kind = ["host", "plans", "gpu-cloud"]
source = "https://example.org/shop"
as_of = "2026-03-01"
confidence = "high"

[[offer]]
id = "shop/pix"
model = "pix"
modality = "image"

[[offer.price]]
amount = "0.04 USD"
per = "image"
from = "2026-01-01"
until = "2026-02-01"
as_of = "2026-03-01"
source = "https://example.org/price"
confidence = "high"

[[offer.price]]
amount = "0.03 USD"
per = "image"
from = "2026-02-01"
as_of = "2026-03-01"
source = "https://example.org/price"
confidence = "high"

[[plan]]
id = "shop-basic"
name = "Basic"
modality = ["image"]
allowance = { amount = "100", unit = "credit", every = "month" }
rights = { commercial = "yes" }
source = "https://example.org/plans"
as_of = "2026-03-01"
confidence = "high"

[[plan.fee]]
amount = "10 USD"
billing = "monthly"
as_of = "2026-03-01"
source = "https://example.org/plans"
confidence = "high"

[[plan.burn]]
model = "pix"
modality = "image"
amount = "1"
per = "job"
source = "https://example.org/plans"
as_of = "2026-03-01"
confidence = "high"

[[rental]]
id = "shop/card"
gpu = "card"
sold_as = "Card"
vram_gb = "24"
tier = "on-demand"
per = "gpu-hour"
amount = "0.5 USD"
step_seconds = 60
as_of = "2026-03-01"
source = "https://example.org/rent"
confidence = "high"

[[rental_extra]]
what = "disk"
amount = "0.1 USD"
per = "gb-month"
as_of = "2026-03-01"
source = "https://example.org/disk"
confidence = "high"
"#;

pub const GPU: &str = r#"id = "card"
name = "Card"
memory_gb = "24"
watts = "300"
source = "https://example.org/card"
as_of = "2026-03-01"
confidence = "high"

[[price]]
kind = "new"
low = "900 USD"
high = "1000 USD"
source = "https://example.org/card"
as_of = "2026-03-01"
confidence = "high"
"#;

pub const PLACE: &str = r#"id = "US"
name = "United States"
currency = "USD"

[[electricity]]
amount = "0.17 USD"
as_of = "2026-03-01"
source = "https://example.org/power"
confidence = "high"

[[vat]]
rate = "0.19"
as_of = "2026-03-01"
source = "https://example.org/vat"
confidence = "high"
"#;

pub const EXCHANGE: &str = r#"[[exchange]]
from = "EUR"
to = "USD"
rate = "1.15"
as_of = "2026-03-01"
source = "https://example.org/rates"
confidence = "high"
"#;

pub const CONVERSIONS: &str = r#"[[conversion]]
id = "word-token"
from = "word"
to = "token"
low = "1.3"
mid = "1.3333"
high = "1.5"
basis = "English prose"
as_of = "2026-03-01"
source = "https://example.org/tokens"
confidence = "medium"
"#;

pub const FILES: [(&str, &str); 7] = [
    ("conversions.toml", CONVERSIONS),
    ("exchange.toml", EXCHANGE),
    ("hardware/gpus/card.toml", GPU),
    ("licenses/free.toml", LICENSE),
    ("models/pix/pix.toml", MODEL),
    ("places/US.toml", PLACE),
    ("providers/shop.toml", PROVIDER),
];

pub fn file(path: &str, text: impl Into<String>) -> SourceFile {
    SourceFile {
        path: path.to_owned(),
        text: text.into(),
    }
}

pub fn files() -> Vec<SourceFile> {
    FILES.map(|(path, text)| file(path, text)).to_vec()
}

/// The files with the first `from` of one of them replaced.
pub fn edited(path: &str, from: &str, to: &str) -> Vec<SourceFile> {
    let mut all = files();
    let one = all.iter_mut().find(|f| f.path == path).unwrap();
    assert!(one.text.contains(from), "{path} has no {from}");
    one.text = one.text.replacen(from, to, 1);
    all
}

/// The day on which the tiny catalog is fresh.
pub fn today() -> Date {
    "2026-04-01".parse().unwrap()
}

pub fn problems(files: &[SourceFile], today: Date) -> Vec<Problem> {
    let parsed: Parsed = parse(files);
    let mut all = parsed.problems;
    all.extend(check(&parsed.catalog, &parsed.origins, files, Some(today)));
    all
}

/// The catalog of the tiny files, which have nothing wrong.
pub fn catalog() -> Catalog {
    let files = files();
    assert_eq!(problems(&files, today()), []);
    parse(&files).catalog
}

/// Where the problem is, as `catalog check` prints it.
pub fn place(files: &[SourceFile], p: &Problem) -> (String, usize, usize) {
    let text = &files.iter().find(|f| f.path == p.path).unwrap().text;
    let span = p.span.as_ref().expect("a span");
    let (line, column) = line_column(text, span.start);
    (p.path.clone(), line, column)
}
