//! The command line, declared once: help, completions and the man page come from here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use maquette_core::{Date, Modality};

mod fit;
mod license;
mod meaning;
mod observe;
mod work;

pub use fit::{AccuracyArgs, FitArgs};
pub use license::{AddArgs, FactArgs, LicenseArgs, LicenseCommand, LicensesArgs};
pub use meaning::{
    AskArgs, Came, ClaimsArgs, DigestArgs, GapArgs, GuideArgs, GuideCommand, PredictionsArgs,
    PredictionsCommand, TrendsArgs,
};
pub use observe::{
    ObserveArgs, ObserveCommand, SeriesArgs, SourcesArgs, Step, StoreArgs, StoreCommand, StoreForm,
    TopArgs, WatchArgs,
};
pub use work::Work;

/// Try a choice of AI models small, with true numbers, before building on it.
#[derive(Debug, Parser)]
#[command(name = "maquette", version, about, long_about = None, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Args)]
pub struct Global {
    /// How the answer is written
    #[arg(long, global = true, value_enum, default_value = "text")]
    pub format: Format,
    /// The day whose world is asked for (2026-03-19); today if left out
    #[arg(long, global = true, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Date>,
    /// A directory of catalog files laid over the embedded catalog (may be given again)
    #[arg(long, global = true, value_name = "DIR")]
    pub catalog: Vec<PathBuf>,
    /// The directory with studio.toml and catalog/ of your own
    #[arg(long, global = true, value_name = "DIR", env = "MAQUETTE_CONFIG_DIR")]
    pub config_dir: Option<PathBuf>,
    /// The directory with the observations [default: maquette in the user's data directory]
    #[arg(long, global = true, value_name = "DIR", env = "MAQUETTE_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// Ask nothing of the network
    #[arg(long, global = true)]
    pub offline: bool,
    /// When to colour the text
    #[arg(long, global = true, value_enum, default_value = "auto")]
    pub color: ColorChoice,
}

/// One day of our era, written in full.
fn day(text: &str) -> Result<Date, String> {
    text.parse()
        .ok()
        .filter(|d: &Date| d.to_string() == text && d.year() > 0)
        .ok_or_else(|| "not a day of the calendar (write it as 2026-03-19)".to_owned())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Csv,
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The cheapest lawful way to make a month's work
    Choose(ChooseArgs),
    /// The volumes at which the cheapest way changes, for one modality
    BreakEven(BreakEvenArgs),
    /// Models, open and closed side by side
    Models(ListArgs),
    /// Pay-per-use prices
    Prices(PricesArgs),
    /// Subscriptions as they are sold
    Plans(ListArgs),
    /// A plan month by month, when the use of its allowance varies
    Months(MonthsArgs),
    /// May this studio do this with these models, and on what ground?
    License(LicenseArgs),
    /// What each license text permits, requires and prohibits, by act
    Licenses(LicensesArgs),
    /// Does a model fit on a machine, how long does it take, what does the power cost
    Fit(FitArgs),
    /// The published error of those estimates, on measurements they did not see
    Accuracy(AccuracyArgs),
    /// Everything the catalog says of one thing
    Show(ShowArgs),
    /// From a printed figure to its inputs and sources
    Why(WhyArgs),
    /// Ask sources anew and keep what they say
    Observe(ObserveArgs),
    /// What is asked of whom on which terms, how fresh it is, what went wrong
    Sources(SourcesArgs),
    /// One subject and metric over time
    Series(SeriesArgs),
    /// The largest of a modality by downloads, likes, trending or stars
    Top(TopArgs),
    /// What changed of models since they were last looked at
    Watch(WatchArgs),
    /// The file of observations: check, rebuild, export, import, compact
    Store(StoreArgs),
    /// Rising, declining, stable, emerging or unclear: models, Spaces and repositories
    Trends(TrendsArgs),
    /// What was foretold, how it came out, and how well: a ledger that is never edited
    Predictions(PredictionsArgs),
    /// The whole guide as a site, Markdown and JSON
    Guide(GuideArgs),
    /// What changed in these days that is worth telling: page, mail and feeds
    Digest(DigestArgs),
    /// The article's checkable sentences, re-derived
    Claims(ClaimsArgs),
    /// How far the best open model lies behind the best closed one, board by board
    Gap(GapArgs),
    /// What this machine is: raw readings and conclusions, in one paste
    Doctor(DoctorArgs),
    /// The catalog's own checks
    Catalog(CatalogArgs),
    /// The JSON Schema of a report
    Schema(SchemaArgs),
}

#[derive(Debug, Args)]
pub struct ChooseArgs {
    #[command(flatten)]
    pub work: Work,
    /// List every candidate that was ruled out
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, Args)]
pub struct BreakEvenArgs {
    /// text, image, video, music, sound, speech or 3d
    #[arg(long)]
    pub modality: Modality,
    /// Largest volume a month to look at
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub up_to: Option<String>,
    /// Write the curves as an SVG file (refused where a file exists, unless --force)
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Replace an existing file
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub work: Work,
}

#[derive(Debug, Args)]
pub struct ListArgs {
    /// A model, family, provider, plan or offer
    pub name: Option<String>,
    /// Only this modality
    #[arg(long)]
    pub modality: Option<Modality>,
    /// Only models with open weights
    #[arg(long, conflicts_with = "closed")]
    pub open: bool,
    /// Only closed models
    #[arg(long)]
    pub closed: bool,
    /// Also what is not (or no longer) in force
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, Args)]
pub struct PricesArgs {
    #[command(flatten)]
    pub list: ListArgs,
    /// The catalog's prices beside what price maps say, where they differ (with --all: everywhere)
    #[arg(long)]
    pub conflicts: bool,
    /// Offers that price maps have beside the catalog's, and why others are none (with --all: each)
    #[arg(long, conflicts_with = "conflicts")]
    pub new: bool,
}

#[derive(Debug, Args)]
pub struct MonthsArgs {
    /// A plan, such as elevenlabs-creator
    pub plan: String,
    /// Units of its allowance used in each month: 100k,250k,0
    #[arg(long, value_name = "N,N,…")]
    pub units: String,
    #[command(flatten)]
    pub work: Work,
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// An id, an alias, or one of: gpus, places, licenses, providers
    pub id: String,
}

#[derive(Debug, Args)]
pub struct WhyArgs {
    /// An id that `choose`, `prices` or `show` printed: cheapest/images, fal/flux.1-schnell#1
    pub id: String,
    #[command(flatten)]
    pub work: Work,
}

#[derive(Debug, Args)]
pub struct CatalogArgs {
    #[command(subcommand)]
    pub command: CatalogCommand,
}

#[derive(Debug, Subcommand)]
pub enum CatalogCommand {
    /// What is wrong with a catalog directory, at file, line and column
    Check {
        /// A whole catalog, or an overlay [default: the overlay of the configuration directory]
        dir: Option<PathBuf>,
        /// Show warnings too
        #[arg(long)]
        warnings: bool,
        /// Warnings (vague dates, file names) end with 2 as errors do
        #[arg(long)]
        strict: bool,
    },
}

#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// choose, break-even, models, prices, plans, months, license, licenses, license-record, doctor, fit, fit-need, fit-batch, accuracy, show, why, catalog-check, observe, sources, series, top, watch, store, price-conflicts, new-offers, gap, trends, predictions, prediction-written, claims, guide or guide-diff
    pub report: String,
}

#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Read a paste of another machine's instead (`-`: standard input)
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
}
