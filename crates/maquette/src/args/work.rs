//! The arguments that say what the month's work is, and who asks.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use maquette_app::Request;
use maquette_core::Modality;

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
    /// Only models that people rate no more than so many points (or `small`, `moderate`, …) behind the best
    #[arg(long, value_name = "MODALITY=POINTS", help_heading = "Work")]
    pub floor: Vec<String>,
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
    /// commercial, noncommercial, research, evaluation or charity [default: commercial]
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
            floor: self.floor.clone(),
        }
    }
}
