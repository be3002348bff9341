//! Arguments of the commands that say what figures mean.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use maquette_app::claims::Verdict;
use maquette_app::gap::sides::Tier;
use maquette_app::trends::Kind;
use maquette_core::{Date, Modality};

use super::{FactArgs, Work, day};

#[derive(Debug, Args)]
pub struct GapArgs {
    /// text, image, video, music, sound, speech or 3d
    #[arg(long)]
    pub modality: Option<Modality>,
    /// Only this board (may be given again)
    #[arg(long = "board", value_name = "BOARD")]
    pub boards: Vec<String>,
    /// Which open models count: any, permissive, or usable by this studio
    #[arg(long, default_value = "any", value_parser = tier)]
    pub tier: Tier,
    /// Earlier readings too
    #[arg(long)]
    pub history: bool,
    /// Two names as on a board, compared where both stand (may be given again)
    #[arg(long = "pair", value_name = "OPEN:CLOSED")]
    pub pairs: Vec<String>,
    /// Write the history as an SVG file (refused where a file exists, unless --force)
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Replace an existing file
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub facts: FactArgs,
}

fn tier(text: &str) -> Result<Tier, String> {
    text.parse()
        .map_err(|e: String| format!("{e}; tiers: any, permissive, usable"))
}

#[derive(Debug, Args)]
pub struct TrendsArgs {
    /// Only models of this modality, and their repositories
    #[arg(long)]
    pub modality: Option<Modality>,
    /// models, spaces or repositories
    #[arg(long, value_name = "KIND", value_parser = kind)]
    pub of: Option<Kind>,
    /// Models too that the catalog does not name
    #[arg(long)]
    pub all: bool,
    /// What was added of late instead: likes and stars between the last reading and one some 30 days before
    #[arg(long)]
    pub gains: bool,
    /// A table of counts instead: `date`; `model_id`, `space_id`, `repo` or `id`; `likes`, `stars`, `downloads` (`-`: standard input)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["modality", "of", "all", "gains"])]
    pub batch: Option<PathBuf>,
}

fn kind(text: &str) -> Result<Kind, String> {
    text.parse()
        .map_err(|e: String| format!("{e}; kinds: models, spaces, repositories"))
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct PredictionsArgs {
    #[command(subcommand)]
    pub command: Option<PredictionsCommand>,
    /// One prediction, or all readings of a claim (article-2026-03/1)
    pub id: Option<String>,
    /// Only what is due, or will be within 60 days
    #[arg(long)]
    pub due: bool,
}

#[derive(Debug, Subcommand)]
pub enum PredictionsCommand {
    /// Write down a question, before its answer is known
    Ask(AskArgs),
    /// Give a question a probability
    Forecast {
        id: String,
        /// Of "yes", from 0 to 1
        #[arg(allow_negative_numbers = true)]
        probability: f64,
        /// Whose forecast it is [default: me]
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
        /// On what ground
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
    },
    /// Say how it came out: yes or no
    Resolve {
        id: String,
        /// yes or no
        #[arg(value_enum)]
        outcome: Came,
        /// In a sentence
        #[arg(long, value_name = "TEXT")]
        because: String,
        /// A link or a file (may be given again)
        #[arg(long, value_name = "LINK")]
        evidence: Vec<String>,
    },
    /// Take a question out of the scores, for a reason fixed beforehand
    Annul {
        id: String,
        /// In a sentence
        #[arg(long, value_name = "TEXT")]
        because: String,
        /// A link or a file (may be given again)
        #[arg(long, value_name = "LINK")]
        evidence: Vec<String>,
    },
    /// Note how an open question stands today
    Note {
        id: String,
        /// In a sentence
        text: String,
        /// A link or a file (may be given again)
        #[arg(long, value_name = "LINK")]
        evidence: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Came {
    Yes,
    No,
}

#[derive(Debug, Args)]
pub struct AskArgs {
    /// A short name of small letters, digits and hyphens
    pub id: String,
    /// A question that a stranger could answer with yes or no
    #[arg(long, value_name = "QUESTION")]
    pub text: String,
    /// Last day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub deadline: Date,
    /// Where the answer will be read
    #[arg(long, value_name = "WHERE")]
    pub source: String,
    /// Where, if that is gone
    #[arg(long, value_name = "WHERE")]
    pub fallback: Option<String>,
    /// When it is to be annulled
    #[arg(long, value_name = "RULE")]
    pub annul: Option<String>,
    /// Which reading of the claim it takes
    #[arg(long, value_name = "TEXT")]
    pub reading: Option<String>,
    /// The claim that it puts to the proof
    #[arg(long, value_name = "TEXT")]
    pub claim: Option<String>,
    /// Where the claim stands
    #[arg(long, value_name = "REFERENCE")]
    pub of: Option<String>,
    /// Day on which the claim was made
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub stated: Option<Date>,
    /// How often such things happen, from 0 to 1: what a score is compared with [default: 0.5]
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    pub base_rate: Option<f64>,
    /// Who asks [default: me]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
}

#[derive(Debug, Args)]
pub struct ClaimsArgs {
    /// Names of claims, or words of parts and sentences
    pub find: Vec<String>,
    /// Whose sentences [default: 2026-03]
    #[arg(long, value_name = "EDITION")]
    pub edition: Option<String>,
    /// Only those that end so: holds, holds-under-a-reading, fails or not-checkable
    #[arg(long, value_name = "VERDICT", value_parser = verdict)]
    pub verdict: Option<Verdict>,
    /// A file of claims instead of the carried ones, as docs/concepts/claims.md describes it
    #[arg(long, value_name = "FILE", conflicts_with = "edition")]
    pub file: Option<PathBuf>,
}

fn verdict(text: &str) -> Result<Verdict, String> {
    text.parse().map_err(|e: String| {
        format!("{e}; verdicts: holds, holds-under-a-reading, fails, not-checkable")
    })
}

#[derive(Debug, Args)]
pub struct DigestArgs {
    /// The day that it is set against [default: seven days before]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub since: Option<Date>,
    /// The directory to write page, Markdown, mail, Atom, JSON Feed and JSON to; empty, not there yet, or (with --force)
    /// one of an earlier digest
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace the files of the digest that is there
    #[arg(long, requires = "out")]
    pub force: bool,
    /// The address under which the directory will lie: feeds then link to it
    #[arg(long, value_name = "URL", requires = "out", value_parser = base)]
    pub base_url: Option<String>,
    /// Who writes the mail; `maquette@localhost` if left out
    #[arg(long, value_name = "ADDRESS", requires = "out", value_parser = address)]
    pub from: Option<String>,
    /// To whom
    #[arg(long, value_name = "ADDRESS", requires = "out", value_parser = address)]
    pub to: Option<String>,
    /// A directory with own templates, as `guide init` writes them
    #[arg(long, value_name = "DIR", requires = "out")]
    pub templates: Option<PathBuf>,
    #[command(flatten)]
    pub work: Work,
}

/// An address of the web, with a slash at its end.
fn base(text: &str) -> Result<String, String> {
    let known = text.starts_with("https://") || text.starts_with("http://");
    let clean = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    if !known || !clean || text.split('/').nth(2).is_none_or(str::is_empty) {
        return Err("not an address (write it as https://example.org/guide/)".to_owned());
    }
    Ok(format!("{}/", text.trim_end_matches('/')))
}

/// A bare address: what a mail's header takes, and no line end.
fn address(text: &str) -> Result<String, String> {
    let (name, host) = text.split_once('@').unwrap_or_default();
    let clean = |part: &str| {
        !part.is_empty()
            && !part
                .contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;@\"".contains(c))
    };
    if clean(name) && clean(host) {
        Ok(text.to_owned())
    } else {
        Err("not a mail address (write it as name@example.org)".to_owned())
    }
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct GuideArgs {
    #[command(subcommand)]
    pub command: Option<GuideCommand>,
    /// A month, such as 2026-11, or a day; of a guide whose sentences are carried (2026-03) its printed tables beside ours
    #[arg(long, value_name = "ID", conflicts_with = "as_of")]
    pub edition: Option<String>,
    /// The directory to write; it must be empty, not there yet, or hold an earlier guide (with --force)
    #[arg(long, value_name = "DIR", required_unless_present = "format")]
    pub out: Option<PathBuf>,
    /// Replace the files of the guide that is there
    #[arg(long)]
    pub force: bool,
    /// A directory with own templates, as `guide init` writes them
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// The address under which the site will lie: feeds and cards then name it, and a site map is written
    #[arg(long, value_name = "URL", value_parser = base)]
    pub base_url: Option<String>,
    /// Print everything to a PDF too, by a browser that is installed
    #[arg(long, value_name = "FILE", requires = "out")]
    pub pdf: Option<PathBuf>,
    /// The browser that prints [default: Chromium, Chrome or Edge on the path]
    #[arg(long, value_name = "PROGRAM", requires = "pdf")]
    pub browser: Option<PathBuf>,
    #[command(flatten)]
    pub work: Work,
}

#[derive(Debug, Subcommand)]
pub enum GuideCommand {
    /// Copy the templates out: strings, page and style
    Init {
        /// A directory; files that are there already stay
        dir: PathBuf,
    },
    /// What the guide of one edition says otherwise than that of another
    Diff(Box<GuideDiffArgs>),
}

#[derive(Debug, Args)]
pub struct GuideDiffArgs {
    /// An edition (2026-03) or a day
    pub from: String,
    /// A later one
    pub to: String,
    #[command(flatten)]
    pub work: Work,
}
