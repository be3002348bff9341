//! Arguments of the commands that look at sources and at the past.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use maquette_core::{Date, Modality};

use super::{FactArgs, day};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ObserveArgs {
    #[command(subcommand)]
    pub command: Option<ObserveCommand>,
    /// Sources to ask; all if left out (`maquette sources` lists them)
    pub sources: Vec<String>,
    /// Only what is newer, where a source can say so
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub since: Option<Date>,
    /// Every page of the Hub's list of models, not only the first of each task
    #[arg(long)]
    pub all: bool,
    /// Say what would be asked, and ask nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Subcommand)]
pub enum ObserveCommand {
    /// Read what sources publish of their past: LiteLLM's releases, Arena's boards, the Hub's tables
    Backfill(BackfillArgs),
}

#[derive(Debug, Args)]
pub struct BackfillArgs {
    /// Sources to ask; all that publish a past if left out
    pub sources: Vec<String>,
    /// First day; a year back if left out
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub since: Option<Date>,
    /// One point a week or a month
    #[arg(long, value_enum, default_value_t = Step::Month)]
    pub every: Step,
    /// Say what would be asked, and ask nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Step {
    Week,
    Month,
}

#[derive(Debug, Args)]
pub struct SourcesArgs {
    /// One source, with what of its newest snapshot became no fact
    pub source: Option<String>,
}

#[derive(Debug, Args)]
pub struct SeriesArgs {
    /// A model of the catalog, or hub:OWNER/NAME, space:OWNER/NAME, github:OWNER/NAME, arena:BOARD/NAME
    pub subject: String,
    /// downloads, likes, trending, stars, score, price/1m-input-tokens, …
    pub metric: String,
    /// First day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub from: Option<Date>,
    /// Last day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub to: Option<Date>,
    /// Write the curve as an SVG file (refused where a file exists, unless --force)
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Replace an existing file
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct TopArgs {
    /// text, image, video, music, sound, speech or 3d
    #[arg(long)]
    pub modality: Modality,
    /// downloads, downloads-all-time, likes, trending or stars
    #[arg(long, default_value = "downloads")]
    pub by: String,
    /// Rows
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub limit: usize,
    #[command(flatten)]
    pub facts: FactArgs,
}

#[derive(Debug, Args)]
pub struct WatchArgs {
    /// Models of the catalog
    #[arg(required = true)]
    pub models: Vec<String>,
    /// Leave the last look as it was
    #[arg(long)]
    pub no_mark: bool,
}

#[derive(Debug, Args)]
pub struct StoreArgs {
    #[command(subcommand)]
    pub command: StoreCommand,
}

#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Look at every page of the file and every raw answer
    Check,
    /// Make the observations again out of the raw answers
    Rebuild,
    /// Write every observation out
    Export {
        /// The file to write
        file: PathBuf,
        /// [default: by the end of the file's name]
        #[arg(long, value_enum, name = "as")]
        form: Option<StoreForm>,
        /// Replace an existing file
        #[arg(long)]
        force: bool,
    },
    /// Take observations in, from CSV or JSON Lines as `export` writes them
    Import {
        /// The file to read (`-`: standard input)
        file: PathBuf,
    },
    /// Drop what abandoned refreshes left, and give the space back
    Compact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StoreForm {
    Csv,
    Jsonl,
    Sqlite,
}
