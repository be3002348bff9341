//! `maquette.doctor/1`: what the machine is, from readings that anyone can read again.

use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DoctorReport {
    /// `maquette.doctor/1`.
    pub schema: String,
    /// From a paste: this may not be the machine it was asked on.
    pub simulated: bool,
    /// What every verb takes as the own machine, where nothing else is named.
    pub used: Option<String>,
    pub system: Option<String>,
    pub cpu: Option<String>,
    /// Memory of the machine in MiB.
    pub ram_mib: Option<u64>,
    pub free_ram_mib: Option<u64>,
    pub devices: Vec<DeviceLine>,
    pub engines: Vec<EngineLine>,
    /// What was not understood, and what to do.
    pub notes: Vec<String>,
    pub readings: Vec<ReadingLine>,
    /// The readings as one block, for an issue or a test.
    #[serde(skip)]
    pub paste: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DeviceLine {
    pub vendor: String,
    /// As the driver names it.
    pub name: String,
    /// Its id in the catalog, where it is known there.
    pub catalog: Option<String>,
    /// In MiB; absent: not told.
    pub memory_mib: Option<u64>,
    pub free_mib: Option<u64>,
    /// Shares the machine's memory.
    pub unified: bool,
    pub driver: Option<String>,
    /// Which reading it was concluded from.
    pub from: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EngineLine {
    pub name: String,
    pub version: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReadingLine {
    pub from: String,
    pub text: Option<String>,
    pub error: Option<String>,
}
