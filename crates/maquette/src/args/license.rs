//! The arguments of `license` and `licenses`: the facts of the asker.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use maquette_app::license::{Amount, FactsForm, OneOrMore};

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
