//! Lists every model of the Hub at `HF_ENDPOINT`: id, downloads, likes. What `tests/peers/hub_peer.py
//! --bench` times beside `huggingface_hub`'s own listing.

use std::collections::VecDeque;
use std::io::Write;

use maquette_observe::fetch::{Fetcher, Limits, SystemClock};
use maquette_observe::source::{Ask, find};
use maquette_observe::store::Kept;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let hub = find("hub").ok_or("no hub")?;
    let ask = Ask {
        endpoint: std::env::var("HF_ENDPOINT")?,
        all: true,
        ..Ask::default()
    };
    let clock = SystemClock;
    let mut fetcher = Fetcher::new(Limits::default(), &clock);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut queue: VecDeque<_> = hub.first(&ask).into();
    while let Some(request) = queue.pop_front() {
        if request.kind != "models" {
            continue;
        }
        let answer = fetcher.fetch(&request)?;
        let kept = Kept {
            seq: 0,
            kind: request.kind,
            url: request.url,
            final_url: answer.url.clone(),
            status: answer.status,
            headers: answer.header_lines(),
            fetched_at: 0,
            body: answer.body,
        };
        queue.extend(hub.next(&ask, &kept));
        let (mut downloads, mut id) = (String::new(), String::new());
        for fact in hub.read(&kept)?.facts {
            match fact.metric.as_str() {
                "downloads" => {
                    downloads = fact.value.to_string();
                    id = fact.subject;
                }
                "likes" if fact.subject == id => {
                    writeln!(out, "{}\t{downloads}\t{}", &id["hub:".len()..], fact.value)?;
                }
                _ => {}
            }
        }
    }
    out.flush()?;
    Ok(())
}
