//! The command line, declared once: help, completions and the man page come from here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use maquette_app::Request;
use maquette_app::license::{Amount, FactsForm, OneOrMore};
use maquette_core::{Date, Modality};

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
    Prices(ListArgs),
    /// Subscriptions as they are sold
    Plans(ListArgs),
    /// A plan month by month, when the use of its allowance varies
    Months(MonthsArgs),
    /// May this studio do this with these models, and on what ground?
    License(LicenseArgs),
    /// What each license text permits, requires and prohibits, by act
    Licenses(LicensesArgs),
    /// Everything the catalog says of one thing
    Show(ShowArgs),
    /// From a printed figure to its inputs and sources
    Why(WhyArgs),
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

/// The month's work and who asks; all of it optional.
#[derive(Debug, Args)]
pub struct Work {
    /// Images a month
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub images: Option<String>,
    /// Clips a month
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub videos: Option<String>,
    /// Words written a month
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub words: Option<String>,
    /// Songs a month
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub songs: Option<String>,
    /// Minutes of speech a month
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub speech_minutes: Option<String>,
    /// Sound effects a month
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub sounds: Option<String>,
    /// 3D assets a month
    #[arg(
        long = "assets-3d",
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Work"
    )]
    pub assets_3d: Option<String>,
    /// A file with the demands, one `demand` table each
    #[arg(long, value_name = "FILE", help_heading = "Work")]
    pub workload: Option<PathBuf>,
    /// Pixels of an image [default: 1024x1024]
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "WxH",
        help_heading = "Work"
    )]
    pub image_size: Option<String>,
    /// Resolution of a clip [default: 720p]
    #[arg(long, value_name = "LINES", help_heading = "Work")]
    pub resolution: Option<String>,
    /// Length of a clip in seconds [default: 5]
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "S",
        help_heading = "Work"
    )]
    pub video_seconds: Option<String>,
    /// Length of a song in seconds [default: 180]
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "S",
        help_heading = "Work"
    )]
    pub song_seconds: Option<String>,
    /// Clips must carry sound (true) or must not (false)
    #[arg(long, value_name = "BOOL", help_heading = "Work")]
    pub audio: Option<bool>,
    /// A quality tier, for all (high) or one modality (image=high)
    #[arg(long, value_name = "[MODALITY=]TIER", help_heading = "Work")]
    pub quality: Vec<String>,
    /// Share of outputs kept, for all (0.5) or one modality (image=0.25); the rest is made again
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "[MODALITY=]RATE",
        help_heading = "Work"
    )]
    pub keep_rate: Vec<String>,
    /// Words read for each word written
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "RATIO",
        help_heading = "Work"
    )]
    pub input_ratio: Option<String>,
    /// Hidden reasoning tokens for each token written
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "RATIO",
        help_heading = "Work"
    )]
    pub reasoning_ratio: Option<String>,
    /// Tokens of one request's prompt; above a model's line the long-context price holds
    #[arg(long, value_name = "N", help_heading = "Work")]
    pub prompt_tokens: Option<u64>,
    /// Share of the words read that come from a prompt cache (0 to 1)
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "SHARE",
        help_heading = "Work"
    )]
    pub cached_share: Option<String>,
    /// UTF-8 bytes of a character, where speech is billed by bytes (3 for Chinese)
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "N",
        help_heading = "Work"
    )]
    pub bytes_per_character: Option<String>,

    /// A file about the studio [default: studio.toml of the configuration directory, if there]
    #[arg(long, value_name = "FILE", help_heading = "Studio")]
    pub studio: Option<PathBuf>,
    /// Where the studio is [default: US]
    #[arg(long, value_name = "CODE", help_heading = "Studio")]
    pub country: Option<String>,
    /// commercial, noncommercial, research or evaluation [default: commercial]
    #[arg(long = "use", value_name = "USE", help_heading = "Studio")]
    pub purpose: Option<String>,
    /// Revenue of the last year (250k, or "250000 EUR")
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "MONEY",
        help_heading = "Studio"
    )]
    pub revenue: Option<String>,
    /// People who need a seat [default: 1]
    #[arg(
        long,
        allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=10_000),
        value_name = "N",
        help_heading = "Studio"
    )]
    pub seats: Option<u32>,
    /// The studio is registered for value added tax: the tax on what it buys is no cost to it
    #[arg(long, help_heading = "Studio")]
    pub vat_registered: bool,
    /// Countries to which results go (US,JP): some licenses ask
    #[arg(long, value_name = "CODES", help_heading = "Studio")]
    pub output_to: Option<String>,
    /// The GPU to run open models on: a name, `none` or `detect` [default: detect]
    #[arg(long, value_name = "NAME", help_heading = "Studio")]
    pub gpu: Option<String>,
    /// Hours a day the own machine may work [default: 8]
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "H",
        help_heading = "Studio"
    )]
    pub hours_per_day: Option<String>,
    /// Price of a kWh (0.30, or "0.30 EUR") [default: the place's]
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "MONEY",
        help_heading = "Studio"
    )]
    pub power_price: Option<String>,
    /// Count the own machine's price, spread over so many months
    #[arg(
        long,
        allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=600),
        value_name = "N",
        help_heading = "Studio"
    )]
    pub purchase_months: Option<u32>,

    /// What a modality may use: a channel (plan, api, hosted, local, rented), model, provider,
    /// plan or offer; `@annual` after a plan (may be given again)
    #[arg(long, value_name = "MODALITY=WHAT", help_heading = "Limits")]
    pub only: Vec<String>,
    /// No rented GPUs
    #[arg(long, help_heading = "Limits")]
    pub no_rent: bool,
    /// How plans are paid
    #[arg(long, value_enum, default_value = "monthly", help_heading = "Limits")]
    pub billing: BillingArg,
    /// What counts: what the work uses, or the cash of a first month
    #[arg(long, value_enum, default_value = "use", help_heading = "Limits")]
    pub accounting: AccountingArg,
    /// Text at priority prices only (answers ahead of others')
    #[arg(long, help_heading = "Limits", conflicts_with = "batch")]
    pub priority: bool,
    /// Allow batch prices (answers within a day)
    #[arg(long, help_heading = "Limits")]
    pub batch: bool,
    /// Days by which a price may first be read after the day asked for; it is then marked as
    /// assumed [default: 31]
    #[arg(
        long,
        allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(..=36_500),
        value_name = "DAYS",
        help_heading = "Limits"
    )]
    pub carry_back: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BillingArg {
    Monthly,
    Annual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AccountingArg {
    Use,
    Cash,
}

impl Work {
    /// As the verbs take it.
    pub fn request(&self, config_dir: Option<&PathBuf>) -> Request {
        let given = [
            (Modality::Image, &self.images),
            (Modality::Video, &self.videos),
            (Modality::Text, &self.words),
            (Modality::Music, &self.songs),
            (Modality::Speech, &self.speech_minutes),
            (Modality::Sound, &self.sounds),
            (Modality::ThreeD, &self.assets_3d),
        ];
        let own = config_dir
            .map(|d| d.join("studio.toml"))
            .filter(|f| f.is_file());
        Request {
            quantities: given
                .into_iter()
                .filter_map(|(m, q)| Some((m, q.clone()?)))
                .collect(),
            workload: self.workload.clone(),
            image_size: self.image_size.clone(),
            resolution: self.resolution.clone(),
            video_seconds: self.video_seconds.clone(),
            song_seconds: self.song_seconds.clone(),
            quality: self.quality.clone(),
            keep_rate: self.keep_rate.clone(),
            audio: self.audio,
            input_ratio: self.input_ratio.clone(),
            reasoning_ratio: self.reasoning_ratio.clone(),
            cached_share: self.cached_share.clone(),
            bytes_per_character: self.bytes_per_character.clone(),
            studio_file: self.studio.clone().or(own),
            country: self.country.clone(),
            purpose: self.purpose.clone(),
            revenue: self.revenue.clone(),
            seats: self.seats,
            vat_registered: self.vat_registered,
            output_to: self.output_to.clone(),
            gpu: self.gpu.clone(),
            hours_per_day: self.hours_per_day.clone(),
            power_price: self.power_price.clone(),
            purchase_months: self.purchase_months,
            no_rent: self.no_rent,
            annual: self.billing == BillingArg::Annual,
            cash: self.accounting == AccountingArg::Cash,
            batch: self.batch,
            priority: self.priority,
            prompt_tokens: self.prompt_tokens,
            only: self.only.clone(),
            carry_back: self.carry_back,
        }
    }
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
    /// choose, break-even, models, prices, plans, months, license, licenses, license-record, show, why or catalog-check
    pub report: String,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct LicenseArgs {
    #[command(subcommand)]
    pub command: Option<LicenseCommand>,
    /// Models, tools, or license ids
    #[arg(required_unless_present = "batch")]
    pub models: Vec<String>,
    /// JSON lines {"id", "models", "facts"}, each answered with one line (`-`: standard input)
    #[arg(long, value_name = "FILE", conflicts_with = "models")]
    pub batch: Option<PathBuf>,
    #[command(flatten)]
    pub facts: FactArgs,
}

#[derive(Debug, Subcommand)]
pub enum LicenseCommand {
    /// Record a license bought, or a licensor's word on an ambiguous rule; it lapses when the text changes
    Add(AddArgs),
}

#[derive(Debug, Args)]
pub struct AddArgs {
    /// Id of the public license text
    pub license: String,
    /// Where the proof lies: a contract number, a ticket, a mail
    #[arg(long, value_name = "REFERENCE")]
    pub proof: String,
    /// Models it covers (may be given again); all under the text if left out
    #[arg(long = "model", value_name = "MODEL")]
    pub models: Vec<String>,
    /// What it is called
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The rule that the licensor has clarified; a license bought if left out
    #[arg(long, value_name = "RULE")]
    pub clarifies: Option<String>,
    /// Does it cover work for clients?
    #[arg(long, value_name = "BOOL")]
    pub client_work: Option<bool>,
    /// Hash of the public text, where it is another than the catalog's
    #[arg(long, value_name = "HEX")]
    pub text_sha256: Option<String>,
}

#[derive(Debug, Args)]
pub struct LicensesArgs {
    #[command(flatten)]
    pub facts: FactArgs,
}

/// Facts of the asker; each may stand in `[facts]` of the studio file, under the same name.
#[derive(Debug, Args)]
pub struct FactArgs {
    /// A file about the studio [default: studio.toml of the configuration directory, if there]
    #[arg(long, value_name = "FILE", help_heading = "Studio")]
    pub studio: Option<PathBuf>,
    /// commercial, noncommercial, research, evaluation or charity [default: commercial]
    #[arg(long = "use", value_name = "USE", help_heading = "Use")]
    pub purpose: Option<String>,
    /// self-hosted, hosted, licensed-api or end-user-product [default: self-hosted]
    #[arg(long, value_name = "HOW", help_heading = "Use")]
    pub via: Option<String>,
    /// What is done: run, sell-output, publish-output, edit-output, ship-in-product,
    /// distribute-weights, distribute-derivative, host-for-others, compete-with-licensor,
    /// train-any-on-output, train-llm-on-output, train-foundation-on-output,
    /// train-competitor-on-output, train-similar-on-output [default: run,sell-output]
    #[arg(long, value_name = "ACTS", help_heading = "Use")]
    pub acts: Option<String>,
    /// Day of download: it decides which edition of a text binds
    #[arg(long, value_name = "DATE", help_heading = "Use")]
    pub downloaded: Option<String>,
    /// nvidia, amd, apple, intel or other
    #[arg(long, value_name = "MAKER", help_heading = "Use")]
    pub hardware: Option<String>,
    /// Was it changed?
    #[arg(long, value_name = "BOOL", help_heading = "Use")]
    pub modified: Option<bool>,
    /// Does it read or make more than one kind of thing?
    #[arg(long, value_name = "BOOL", help_heading = "Use")]
    pub multimodal: Option<bool>,
    /// Are outputs filtered, or looked at by a person?
    #[arg(long, value_name = "BOOL", help_heading = "Use")]
    pub content_filter: Option<bool>,
    /// Is it work for clients?
    #[arg(long, value_name = "BOOL", help_heading = "Use")]
    pub client_work: Option<bool>,
    /// Name under which a derivative is published
    #[arg(long, value_name = "NAME", help_heading = "Use")]
    pub derivative_name: Option<String>,
    /// Something beside the license text says otherwise (a file header, a tag)
    #[arg(long, value_name = "WHAT", help_heading = "Use")]
    pub conflict: Option<String>,
    /// Where it runs (country code)
    #[arg(long, value_name = "CODE", help_heading = "Studio")]
    pub place: Option<String>,
    /// Seat of the licensee (country code)
    #[arg(long, value_name = "CODE", help_heading = "Studio")]
    pub domicile: Option<String>,
    /// Where results go (US,JP)
    #[arg(long, value_name = "CODES", help_heading = "Studio")]
    pub output_to: Option<String>,
    /// A natural person, not a company
    #[arg(long, value_name = "BOOL", help_heading = "Studio")]
    pub person: Option<bool>,
    /// Registered with the licensor
    #[arg(long, value_name = "BOOL", help_heading = "Studio")]
    pub registered: Option<bool>,
    /// Licenses bought, by id (as `maquette show license/ID` names them)
    #[arg(long, value_name = "IDS", help_heading = "Studio")]
    pub held_license: Option<String>,
    /// Revenue of a year (2M, or "2M EUR")
    #[arg(
        long,
        alias = "revenue",
        value_name = "MONEY",
        allow_negative_numbers = true,
        help_heading = "Size"
    )]
    pub annual_revenue: Option<String>,
    /// The same of the whole group
    #[arg(
        long,
        value_name = "MONEY",
        allow_negative_numbers = true,
        help_heading = "Size"
    )]
    pub group_annual_revenue: Option<String>,
    /// Aggregate revenue of the group
    #[arg(
        long,
        value_name = "MONEY",
        allow_negative_numbers = true,
        help_heading = "Size"
    )]
    pub group_aggregate_revenue: Option<String>,
    /// Yearly revenue in CNY
    #[arg(
        long,
        value_name = "MONEY",
        allow_negative_numbers = true,
        help_heading = "Size"
    )]
    pub annual_revenue_rmb: Option<String>,
    /// Recurring revenue of a year
    #[arg(
        long,
        value_name = "MONEY",
        allow_negative_numbers = true,
        help_heading = "Size"
    )]
    pub annual_recurring_revenue: Option<String>,
    /// Revenue of a month
    #[arg(
        long,
        value_name = "MONEY",
        allow_negative_numbers = true,
        help_heading = "Size"
    )]
    pub monthly_revenue: Option<String>,
    /// Yearly revenue of whoever gets the derivative
    #[arg(
        long,
        value_name = "MONEY",
        allow_negative_numbers = true,
        help_heading = "Size"
    )]
    pub recipient_revenue: Option<String>,
    /// Monthly users of the product that uses the model
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Size"
    )]
    pub product_mau: Option<String>,
    /// Monthly users of all the group's products
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Size"
    )]
    pub group_mau: Option<String>,
    /// The same in the month before the model's release
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Size"
    )]
    pub group_mau_at_release: Option<String>,
    /// Users of a year
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Size"
    )]
    pub annual_active_users: Option<String>,
    /// Visits of a month
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Size"
    )]
    pub monthly_visits: Option<String>,
    /// Different users of a month
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Size"
    )]
    pub monthly_unique_users: Option<String>,
}

impl FactArgs {
    /// What the flags say over what the studio file says.
    pub fn over(&self, mut form: FactsForm) -> FactsForm {
        let list = |text: &Option<String>| text.as_deref().map(OneOrMore::parse);
        let amount = |text: &Option<String>| text.clone().map(Amount);
        macro_rules! lay {
            ($($field:ident = $value:expr),* $(,)?) => {
                $(if let Some(value) = $value { form.$field = Some(value); })*
            };
        }
        lay! {
            purpose = self.purpose.clone(),
            via = self.via.clone(),
            acts = list(&self.acts),
            downloaded = self.downloaded.clone(),
            hardware = self.hardware.clone(),
            modified = self.modified,
            multimodal = self.multimodal,
            content_filter = self.content_filter,
            client_work = self.client_work,
            derivative_name = self.derivative_name.clone(),
            conflict = self.conflict.clone(),
            place = self.place.clone(),
            domicile = self.domicile.clone(),
            output_to = list(&self.output_to),
            person = self.person,
            registered = self.registered,
            held_license = list(&self.held_license),
            annual_revenue = amount(&self.annual_revenue),
            group_annual_revenue = amount(&self.group_annual_revenue),
            group_aggregate_revenue = amount(&self.group_aggregate_revenue),
            annual_revenue_rmb = amount(&self.annual_revenue_rmb),
            annual_recurring_revenue = amount(&self.annual_recurring_revenue),
            monthly_revenue = amount(&self.monthly_revenue),
            recipient_revenue = amount(&self.recipient_revenue),
            product_mau = amount(&self.product_mau),
            group_mau = amount(&self.group_mau),
            group_mau_at_release = amount(&self.group_mau_at_release),
            annual_active_users = amount(&self.annual_active_users),
            monthly_visits = amount(&self.monthly_visits),
            monthly_unique_users = amount(&self.monthly_unique_users),
        }
        form
    }
}
