//! Arguments of the commands that say what figures mean.

use std::path::PathBuf;

use clap::Args;
use maquette_app::gap::sides::Tier;
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
