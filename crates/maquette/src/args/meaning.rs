//! Arguments of the commands that say what figures mean.

use std::path::PathBuf;

use clap::Args;
use maquette_app::gap::sides::Tier;
use maquette_app::trends::Kind;
use maquette_core::Modality;

use super::FactArgs;

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
    /// A table of counts instead: date; model_id, space_id, repo or id; likes, stars, downloads (`-`: standard input)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["modality", "of", "all"])]
    pub batch: Option<PathBuf>,
}

fn kind(text: &str) -> Result<Kind, String> {
    text.parse()
        .map_err(|e: String| format!("{e}; kinds: models, spaces, repositories"))
}
