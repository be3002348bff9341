//! From what was typed and what the studio file says to one whole question, names checked.

use std::path::PathBuf;

use maquette_core::facts::Facts;
use maquette_core::{
    Accounting, Ask, BillingWish, Currency, Demand, Machine, Modality, Money, Only, Studio, Use,
};
use rust_decimal::Decimal;

use crate::context::Context;
use crate::error::AppError;
use crate::files::{self, StudioFile};
use crate::license::{FactsForm, OneOrMore};
use crate::{machine, quantity};

/// Everything a face may say about the work and the studio; all of it optional.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Quantity as typed, by modality.
    pub quantities: Vec<(Modality, String)>,
    pub workload: Option<PathBuf>,
    /// `1024x1024`.
    pub image_size: Option<String>,
    /// `720p`.
    pub resolution: Option<String>,
    pub video_seconds: Option<String>,
    pub song_seconds: Option<String>,
    /// `high`, or `image=high`.
    pub quality: Vec<String>,
    /// `0.5`, or `image=0.5`.
    pub keep_rate: Vec<String>,
    pub audio: Option<bool>,
    pub input_ratio: Option<String>,
    pub reasoning_ratio: Option<String>,
    /// Share of the words read that come from a prompt cache.
    pub cached_share: Option<String>,
    pub bytes_per_character: Option<String>,
    pub studio_file: Option<PathBuf>,
    pub country: Option<String>,
    pub purpose: Option<String>,
    pub revenue: Option<String>,
    pub seats: Option<u32>,
    pub vat_registered: bool,
    /// `US,JP`.
    pub output_to: Option<String>,
    /// A GPU's name, `none` or `detect`.
    pub gpu: Option<String>,
    pub hours_per_day: Option<String>,
    pub power_price: Option<String>,
    pub purchase_months: Option<u32>,
    pub no_rent: bool,
    pub annual: bool,
    pub cash: bool,
    pub batch: bool,
    pub priority: bool,
    /// Tokens of one request's prompt.
    pub prompt_tokens: Option<u64>,
    pub only: Vec<String>,
    pub carry_back: Option<u32>,
    /// `image=100`, `image=small`: points behind the best of its board.
    pub floor: Vec<String>,
}

/// Days by which a first reading may follow the day asked for, unless the asker says otherwise.
pub const CARRY_BACK_DAYS: u32 = 31;

/// Most of one kilowatt-hour and of a year's revenue, in whatever currency: beyond, a product may
/// leave what a decimal holds.
const MOST_POWER_PRICE: i64 = 100_000;
const MOST_REVENUE: i64 = 1_000_000_000_000_000;

/// The studio of the article: 100 images, 10 clips of five seconds, 50,000 words, 20 songs.
pub fn usual_work() -> Vec<Demand> {
    vec![
        Demand::usual(Modality::Image, Decimal::from(100)),
        Demand::usual(Modality::Video, Decimal::from(10)),
        Demand::usual(Modality::Text, Decimal::from(50_000)),
        Demand::usual(Modality::Music, Decimal::from(20)),
    ]
}

impl Request {
    /// The question, or what is wrong with the request.
    pub fn ask(&self, ctx: &Context) -> Result<Ask, AppError> {
        let file = match &self.studio_file {
            Some(path) => files::studio(path)?,
            None => StudioFile::default(),
        };
        let demands = self.demands()?;
        let studio = self.studio(ctx, &file)?;
        let only = self.only(ctx)?;
        Ok(Ask {
            as_of: ctx.as_of,
            carry_back_days: self.carry_back.unwrap_or(CARRY_BACK_DAYS),
            demands,
            studio,
            machine: self.machine(ctx, &file)?,
            purchase_months: self.purchase_months(&file)?,
            rent: !self.no_rent,
            billing: if self.annual {
                BillingWish::Annual
            } else {
                BillingWish::Monthly
            },
            accounting: if self.cash {
                Accounting::Cash
            } else {
                Accounting::Use
            },
            batch: self.batch,
            priority: self.priority,
            floors: crate::gap::floor::floors(ctx, &self.floor)?,
            only,
        })
    }

    fn demands(&self) -> Result<Vec<Demand>, AppError> {
        let mut demands = match &self.workload {
            Some(path) => files::workload(path)?,
            None => Vec::new(),
        };
        for (modality, text) in &self.quantities {
            let flag = flag(*modality);
            let q = quantity::number(text)
                .and_then(|q| quantity::of(*modality, q))
                .map_err(|e| AppError::request(format!("{flag} {text}: {e}")))?;
            demands.push(Demand::usual(*modality, q));
        }
        if demands.is_empty() {
            demands = usual_work();
        }
        self.adjust(&mut demands)?;
        if demands.len() > quantity::MOST_DEMANDS {
            return Err(AppError::request(format!(
                "{} demands are more than this program reckons at once ({})",
                demands.len(),
                quantity::MOST_DEMANDS
            ))
            .hint("demands of one kind and size can be added up"));
        }
        for d in &demands {
            quantity::check(d).map_err(AppError::request)?;
        }
        Ok(demands)
    }

    /// Sizes, lengths and rates given once for all demands of their kind.
    fn adjust(&self, demands: &mut [Demand]) -> Result<(), AppError> {
        let size = match &self.image_size {
            None => None,
            Some(s) => Some(size(s)?),
        };
        let lines = match &self.resolution {
            None => None,
            Some(s) => Some(resolution(s)?),
        };
        let number = |flag: &str, text: &Option<String>| -> Result<Option<Decimal>, AppError> {
            text.as_ref()
                .map(|t| quantity::number(t).map_err(|e| AppError::request(format!("{flag}: {e}"))))
                .transpose()
        };
        let video_seconds = number("--video-seconds", &self.video_seconds)?;
        let song_seconds = number("--song-seconds", &self.song_seconds)?;
        let input = number("--input-ratio", &self.input_ratio)?;
        let reasoning = number("--reasoning-ratio", &self.reasoning_ratio)?;
        let cached = number("--cached-share", &self.cached_share)?;
        let bytes = number("--bytes-per-character", &self.bytes_per_character)?;
        for d in demands.iter_mut() {
            match d.modality {
                Modality::Image => {
                    if let Some((w, h)) = size {
                        (d.width, d.height) = (Some(w), Some(h));
                    }
                }
                Modality::Video => {
                    if let Some((w, h)) = lines {
                        (d.width, d.height) = (Some(w), Some(h));
                    }
                    d.seconds = video_seconds.or(d.seconds);
                    d.audio = self.audio.or(d.audio);
                }
                Modality::Speech => d.bytes_per_character = bytes.or(d.bytes_per_character),
                Modality::Music => d.seconds = song_seconds.or(d.seconds),
                Modality::Text => {
                    d.input_ratio = input.unwrap_or(d.input_ratio);
                    d.reasoning_ratio = reasoning.unwrap_or(d.reasoning_ratio);
                    d.cached_share = cached.unwrap_or(d.cached_share);
                    d.prompt_tokens = self.prompt_tokens.or(d.prompt_tokens);
                }
                _ => {}
            }
        }
        for text in &self.quality {
            let (modality, quality) = scoped(text, "--quality")?;
            if quality.trim().is_empty() {
                return Err(AppError::request(format!(
                    "--quality {text}: a quality tier is a word, such as high"
                )));
            }
            for d in demands
                .iter_mut()
                .filter(|d| modality.is_none_or(|m| m == d.modality))
            {
                d.quality = Some(quality.to_owned());
            }
        }
        for text in &self.keep_rate {
            let (modality, rate) = scoped(text, "--keep-rate")?;
            let rate = quantity::number(rate)
                .map_err(|e| AppError::request(format!("--keep-rate {text}: {e}")))?;
            for d in demands
                .iter_mut()
                .filter(|d| modality.is_none_or(|m| m == d.modality))
            {
                d.keep_rate = rate;
            }
        }
        Ok(())
    }

    fn studio(&self, ctx: &Context, file: &StudioFile) -> Result<Studio, AppError> {
        let country = self
            .country
            .as_ref()
            .or(file.country.as_ref())
            .map_or("US", String::as_str);
        let place = ctx
            .knowledge
            .place(country)
            .map_err(|e| AppError::unknown(&e, "maquette show places"))?;
        let purpose = match self.purpose.as_ref().or(file.purpose.as_ref()) {
            Some(s) => s.parse().map_err(|e: String| {
                let from = self.origin(self.purpose.is_some(), "use");
                AppError::request(format!("{from}: {e}"))
                    .hint(format!("uses: {}", Use::ALL.map(Use::as_str).join(", ")))
            })?,
            None => Use::Commercial,
        };
        let money = |from: String, text: Option<&String>, most: i64| {
            let Some(text) = text else { return Ok(None) };
            let wrong = |e: String| AppError::request(format!("{from}: {e}"));
            let money = self::money(text).map_err(wrong)?;
            if money.amount.is_sign_negative() || money.amount > Decimal::from(most) {
                let most = maquette_core::group(most.into());
                return Err(wrong(format!("an amount from 0 to {most}, not {text}")));
            }
            convertible(ctx, money).map_err(wrong)?;
            Ok(Some(money))
        };
        let revenue = money(
            self.origin(self.revenue.is_some(), "revenue"),
            self.revenue.as_ref().or(file.revenue.as_ref()),
            MOST_REVENUE,
        )?;
        let power_price = money(
            self.origin(self.power_price.is_some(), "power-price"),
            self.power_price.as_ref().or(file.power_price.as_ref()),
            MOST_POWER_PRICE,
        )?;
        let hours = match &self.hours_per_day {
            Some(t) => quantity::number(t)
                .map_err(|e| AppError::request(format!("--hours-per-day: {e}")))?,
            None => file.hours_per_day.map_or(Decimal::from(8), |n| n.0),
        };
        if hours < Decimal::new(1, 2) || hours > Decimal::from(24) {
            let from = self.origin(self.hours_per_day.is_some(), "hours-per-day");
            return Err(AppError::request(format!(
                "{from}: from 0.01 to 24 hours a day, not {hours}"
            )));
        }
        let seats = self.seats.or(file.seats).unwrap_or(1);
        if !(1..=10_000).contains(&seats) {
            let from = self.origin(self.seats.is_some(), "seats");
            return Err(AppError::request(format!(
                "{from}: from 1 to 10,000 seats, not {seats}"
            )));
        }
        Ok(Studio {
            country: place.id.clone(),
            purpose,
            revenue,
            seats,
            power_price,
            facts: self.facts(ctx, file)?,
            vat_registered: self.vat_registered || file.vat_registered.unwrap_or_default(),
            hours_per_day: hours,
        })
    }

    /// What the studio file says of itself.
    pub fn license_form(&self) -> Result<FactsForm, AppError> {
        self.studio_file.as_ref().map_or_else(
            || Ok(FactsForm::default()),
            |path| files::studio_facts(path),
        )
    }

    /// What licenses ask for: `[facts]` of the studio file, and the flags over it.
    fn facts(&self, ctx: &Context, file: &StudioFile) -> Result<Facts, AppError> {
        let mut form = file.facts.clone();
        if let Some(places) = &self.output_to {
            form.output_to = Some(OneOrMore::parse(places));
        }
        // The purpose is the work's, and is checked with it.
        form.purpose = None;
        let told = form.facts(ctx).map_err(|e| {
            let from = match &self.studio_file {
                Some(path) => path.display().to_string(),
                None => "the studio's facts".to_owned(),
            };
            AppError::request(format!("{from}: {e}"))
        })?;
        match told.doubts.first() {
            Some(doubt) => Err(AppError::request(format!("the studio's facts: {doubt}"))),
            None => Ok(told.facts),
        }
    }

    /// Months over which the own machine's price is spread, if it is counted.
    fn purchase_months(&self, file: &StudioFile) -> Result<Option<u32>, AppError> {
        let months = self.purchase_months.or(file.purchase_months);
        if months.is_some_and(|n| !(1..=600).contains(&n)) {
            let from = self.origin(self.purchase_months.is_some(), "purchase-months");
            return Err(AppError::request(format!("{from}: from 1 to 600 months")));
        }
        Ok(months)
    }

    /// Where a value of the studio was said: the flag, or the key of the studio file.
    fn origin(&self, by_flag: bool, name: &str) -> String {
        match &self.studio_file {
            Some(path) if !by_flag => format!("{}: {}", path.display(), name.replace('-', "_")),
            _ => format!("--{name}"),
        }
    }

    fn machine(&self, ctx: &Context, file: &StudioFile) -> Result<Option<Machine>, AppError> {
        let wish = self
            .gpu
            .as_ref()
            .or(file.gpu.as_ref())
            .map_or("detect", String::as_str);
        match wish {
            "none" => Ok(None),
            "detect" => Ok(machine::here(ctx)),
            name => machine::named(ctx, name).map(Some),
        }
    }

    fn only(&self, ctx: &Context) -> Result<Vec<Only>, AppError> {
        let mut out = Vec::new();
        for text in &self.only {
            let mut only: Only = text
                .parse()
                .map_err(|e: String| AppError::request(format!("--only: {e}")))?;
            ctx.knowledge.is_choosable(&only.what).map_err(|e| {
                let list = "maquette prices`, `maquette plans` and `maquette models";
                let mut error = AppError::unknown(&e, list);
                error.message = format!("--only {text}: {}", error.message);
                error
            })?;
            if let Ok(m) = ctx.knowledge.model(&only.what) {
                // An alias stands for its model, unless it names a provider or a family exactly.
                let catalog = &ctx.knowledge.catalog;
                let provider = catalog.providers.iter().any(|p| p.id == only.what);
                let family = catalog.models.iter().any(|m| m.family == only.what);
                if !provider && !family {
                    only.what.clone_from(&m.id);
                }
            }
            out.push(only);
        }
        Ok(out)
    }
}

/// Money that no rate reaches cannot be reckoned with.
fn convertible(ctx: &Context, money: Money) -> Result<(), String> {
    let exchange = &ctx.knowledge.catalog.exchange;
    let known = |c: Currency| c == Currency::USD || exchange.iter().any(|x| x.from == c);
    if known(money.currency) {
        return Ok(());
    }
    let mut all: Vec<String> = exchange.iter().map(|x| x.from.to_string()).collect();
    all.push(Currency::USD.to_string());
    all.sort();
    all.dedup();
    Err(format!(
        "the catalog has no rate of exchange for {} (it has {})",
        money.currency,
        all.join(", ")
    ))
}

fn flag(modality: Modality) -> &'static str {
    match modality {
        Modality::Text => "--words",
        Modality::Image => "--images",
        Modality::Video => "--videos",
        Modality::Music => "--songs",
        Modality::Sound => "--sounds",
        Modality::Speech => "--speech-minutes",
        Modality::ThreeD => "--assets-3d",
        Modality::Motion => "--motions",
    }
}

/// `image=high` for one modality, `high` for all.
fn scoped<'a>(text: &'a str, flag: &str) -> Result<(Option<Modality>, &'a str), AppError> {
    match text.split_once('=') {
        None => Ok((None, text)),
        Some((m, value)) => {
            let modality = m
                .parse()
                .map_err(|e: String| AppError::request(format!("{flag} {text}: {e}")))?;
            Ok((Some(modality), value))
        }
    }
}

/// `0.30`, `0.30 EUR`, `$0.30`: dollars unless a currency is named.
fn money(text: &str) -> Result<Money, String> {
    let plain = text.trim().trim_start_matches('$');
    let (amount, currency) = plain.split_once(' ').unwrap_or((plain, "USD"));
    let amount = quantity::number(amount)?;
    Ok(Money::new(
        amount,
        currency
            .trim()
            .to_uppercase()
            .parse()
            .map_err(|e: maquette_core::MoneyError| e.to_string())?,
    ))
}

fn size(text: &str) -> Result<(u32, u32), AppError> {
    let parsed = text
        .split_once(['x', '×'])
        .and_then(|(w, h)| Some((w.trim().parse().ok()?, h.trim().parse().ok()?)));
    parsed.ok_or_else(|| AppError::request(format!("--image-size {text}: write it as 1024x1024")))
}

/// `720p`, `4k`, `1280x720`: pixels of a clip.
fn resolution(text: &str) -> Result<(u32, u32), AppError> {
    if let Some((w, h)) = text.split_once(['x', '×']) {
        if let (Ok(w), Ok(h)) = (w.trim().parse(), h.trim().parse()) {
            return Ok((w, h));
        }
    } else if let Some(h) = maquette_decide::variant::lines(&text.to_lowercase()).filter(|h| *h > 0)
    {
        return Ok((h.saturating_mul(16).div_ceil(9), h));
    }
    Err(AppError::request(format!(
        "--resolution {text}: write it as 720p, 4k or 1280x720"
    )))
}
