//! The built program against local servers: what it observes, keeps and prints, and what is left when
//! it is killed at any moment.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod answers;
mod crashes;
#[path = "../../../maquette-observe/tests/all/server.rs"]
#[allow(dead_code, reason = "the observing crate's own tests use the rest")]
mod server;

use std::process::{Command, Output};

use server::{Asked, Dir, Reply, Server};

/// The sources of a test, at one address.
pub fn fake() -> Server {
    Server::start(answer)
}

/// Models of the fake Hub.
pub const MODELS: usize = 60;

fn answer(asked: &Asked) -> Reply {
    match asked.path() {
        "/api/models" => {
            let start: usize = asked.query("cursor").map_or(0, |c| c.parse().unwrap());
            let end = (start + 10).min(MODELS);
            let rows: Vec<String> = (start..end)
                .map(|i| {
                    format!(
                        r#"{{"_id":"{i:024x}","id":"maker/model-{i}","downloads":{},"likes":{i},"pipeline_tag":"text-to-image","tags":["license:apache-2.0"]}}"#,
                        1000 + i
                    )
                })
                .collect();
            let reply = Reply::json(format!("[{}]", rows.join(",")));
            if end < MODELS {
                let host = asked.header("host").unwrap();
                return reply.with("link", format!("<http://{host}/api/models?cursor={end}>; rel=\"next\""));
            }
            reply
        }
        "/api/spaces" => Reply::json("[]"),
        "/api/models/black-forest-labs/FLUX.1-schnell" => Reply::json(
            r#"{"_id":"aa","id":"black-forest-labs/FLUX.1-schnell","downloads":480001,"likes":5601,"pipeline_tag":"text-to-image","tags":["license:other"]}"#,
        ),
        path if path.contains("/litellm/") && asked.header("if-none-match") == Some("\"1\"") => {
            Reply { body: Vec::new(), ..Reply::status(304) }
        }
        path if path.ends_with("model_prices_and_context_window.json") => Reply::json(
            r#"{"gpt-4o":{"litellm_provider":"openai","mode":"chat","input_cost_per_token":2.5e-06,"output_cost_per_token":1e-05},
                "odd":{"mode":"chat","input_cost_per_token":0}}"#,
        )
        .with("etag", "\"1\""),
        _ => Reply::status(404),
    }
}

pub fn program(dir: &Dir, server: &Server, args: &[&str]) -> Command {
    let mut c = Command::new(env!("CARGO_BIN_EXE_maquette"));
    c.args(args)
        .env("MAQUETTE_CONFIG_DIR", &dir.0)
        .env("MAQUETTE_DATA_DIR", dir.0.join("data"))
        .env("HF_ENDPOINT", &server.url)
        .env("MAQUETTE_LITELLM_ENDPOINT", &server.url)
        .env("NO_COLOR", "1")
        .env_remove("HF_TOKEN")
        .env_remove("COLUMNS");
    c
}

pub fn run(dir: &Dir, server: &Server, args: &[&str]) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = program(dir, server, args).output().unwrap();
    let text = |b: Vec<u8>| String::from_utf8(b).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}
