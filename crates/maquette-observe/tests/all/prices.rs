//! Price maps: every trap of their units, row by row.

use std::collections::BTreeMap;

use maquette_observe::fact::Facts;
use maquette_observe::source::find;
use maquette_observe::store::Kept;

fn read(source: &str, body: &str) -> Facts {
    let kept = Kept {
        seq: 0,
        kind: "map".into(),
        url: String::new(),
        final_url: String::new(),
        status: 200,
        headers: String::new(),
        fetched_at: 0,
        body: body.as_bytes().to_vec(),
    };
    find(source).unwrap().read(&kept).unwrap()
}

/// Prices of one row, and why the rest is none.
fn row(source: &str, body: &str) -> (BTreeMap<String, String>, Vec<String>) {
    let out = read(source, body);
    let prices = out.facts.iter().filter(|f| f.metric.starts_with("price/"));
    let prices = prices.map(|f| (f.metric["price/".len()..].to_owned(), f.value.to_string()));
    (
        prices.collect(),
        out.rejected.into_iter().map(|r| r.reason).collect(),
    )
}

fn litellm(key: &str, fields: &str) -> (BTreeMap<String, String>, Vec<String>) {
    row(
        "litellm",
        &format!("{{\"{key}\": {{{fields}}}, \"sample_spec\": {{\"mode\": 7}}}}"),
    )
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

#[test]
fn tokens_are_for_a_million_exactly() {
    let (prices, _) = litellm(
        "gpt-5.6-luna",
        r#""litellm_provider":"openai","mode":"chat","input_cost_per_token":2e-07,"output_cost_per_token":0.0000012,
           "cache_read_input_token_cost":2e-08,"input_cost_per_token_batches":1e-07,
           "input_cost_per_token_above_272k_tokens_priority":8e-07,"cache_creation_input_token_cost_above_1hr":6e-06"#,
    );
    assert_eq!(
        prices,
        map(&[
            ("1m-input-tokens", "0.2"),
            ("1m-output-tokens", "1.2"),
            ("1m-cached-input-tokens", "0.02"),
            ("1m-input-tokens;modifier=batch", "0.1"),
            ("1m-input-tokens;above=272000;modifier=priority", "0.8"),
            ("1m-cache-write-tokens;ttl=1h", "6"),
        ])
    );
}

#[test]
fn music_and_meshes_filed_as_pictures_are_songs_and_meshes() {
    let (prices, _) = litellm(
        "vertex_ai/lyria-002",
        r#""litellm_provider":"vertex_ai","mode":"audio_speech","output_cost_per_image":0.06"#,
    );
    assert_eq!(prices, map(&[("song", "0.06")]));
    let (prices, left) = litellm(
        "gemini/lyria-3-pro-preview",
        r#""litellm_provider":"gemini","mode":"chat","input_cost_per_token":0,"output_cost_per_token":0,"output_cost_per_image":0.08"#,
    );
    assert_eq!(prices, map(&[("song", "0.08")]));
    assert_eq!(left, ["zero: free, included or not known"; 2]);
    let (prices, _) = litellm(
        "fal_ai/fal-ai/trellis-2",
        r#""litellm_provider":"fal_ai","mode":"image_generation","output_cost_per_image":0.3,"output_cost_per_image_512":0.25,
           "metadata":{"comment":"image-to-3D, returns a GLB mesh"}"#,
    );
    assert_eq!(
        prices,
        map(&[("asset", "0.3"), ("asset;resolution=512", "0.25")])
    );
}

#[test]
fn quality_and_size_stand_in_the_key() {
    let (prices, _) = litellm(
        "fal_ai/low/1024-x-1024/gpt-image-2",
        r#""litellm_provider":"fal_ai","mode":"image_generation","output_cost_per_image":0.006"#,
    );
    assert_eq!(
        prices,
        map(&[("image;quality=low;size=1024x1024", "0.006")])
    );
    let (prices, _) = litellm(
        "1024-x-1024/50-steps/stability.sdxl-v1",
        r#""litellm_provider":"bedrock","mode":"image_generation","output_cost_per_image":0.04"#,
    );
    assert_eq!(prices, map(&[("image;size=1024x1024;steps=50", "0.04")]));
    let (prices, left) = litellm(
        "standard/1024-x-1024/gpt-image-1.5",
        r#""litellm_provider":"openai","mode":"image_generation","output_cost_per_image":0.009"#,
    );
    assert!(prices.is_empty());
    assert_eq!(left, ["`standard` is no quality of this model"]);
}

#[test]
fn the_picture_that_is_made_and_the_one_that_is_shown() {
    let (prices, _) = litellm(
        "xai/grok-imagine-image",
        r#""litellm_provider":"xai","mode":"image_generation","input_cost_per_image":0.02"#,
    );
    assert_eq!(prices, map(&[("image", "0.02")]));
    let (prices, _) = litellm(
        "xai/grok-imagine-video",
        r#""litellm_provider":"xai","mode":"video_generation","input_cost_per_image":0.002,"output_cost_per_second":0.05,"output_cost_per_second_720p":0.07,"output_cost_per_second_4k":0.6"#,
    );
    assert_eq!(
        prices,
        map(&[
            ("image;kind=input", "0.002"),
            ("second-of-video", "0.05"),
            ("second-of-video;resolution=2160p", "0.6"),
            ("second-of-video;resolution=720p", "0.07"),
        ])
    );
    // Two spellings of one price.
    let (prices, _) = litellm(
        "openai/sora-2",
        r#""mode":"video_generation","output_cost_per_video_per_second":0.1"#,
    );
    assert_eq!(prices, map(&[("second-of-video", "0.1")]));
    let (prices, left) = litellm(
        "x",
        r#""mode":"video_generation","output_cost_per_second":0.2,"output_cost_per_video_per_second":0.1"#,
    );
    assert_eq!(prices, map(&[("second-of-video", "0.2")]));
    assert_eq!(
        left,
        ["0.1 against 0.2 in another field of the same meaning"]
    );
}

#[test]
fn tiers_begin_with_the_price_and_steps_are_not_tokens() {
    let (prices, _) = litellm(
        "dashscope/qwen3-max",
        r#""litellm_provider":"dashscope","mode":"chat","tiered_pricing":[
           {"range":[0,32000.0],"input_cost_per_token":1.2e-06,"output_cost_per_token":6e-06},
           {"range":[32000.0,128000.0],"input_cost_per_token":2.4e-06}]"#,
    );
    assert_eq!(
        prices,
        map(&[
            ("1m-input-tokens", "1.2"),
            ("1m-output-tokens", "6"),
            ("1m-input-tokens;above=32000", "2.4")
        ])
    );
    let (prices, left) = litellm(
        "fireworks_ai/accounts/fireworks/models/flux-1-dev-fp8",
        r#""litellm_provider":"fireworks_ai","mode":"image_generation","input_cost_per_token":1.3e-10,"output_cost_per_token":1.3e-10"#,
    );
    assert!(prices.is_empty(), "{prices:?}");
    assert_eq!(left, ["prices of steps in the fields for tokens"]);
}

#[test]
fn estimates_texts_and_other_trades_are_left_out_with_a_reason() {
    let (prices, left) = litellm(
        "runwayml/eleven_multilingual_v2",
        r#""mode":"audio_speech","input_cost_per_character":3e-07,"metadata":{"comment":"Estimated cost based on standard TTS pricing."}"#,
    );
    assert!(prices.is_empty());
    assert_eq!(left, ["the row calls its prices estimated"]);
    let (prices, left) = litellm(
        "a",
        r#""mode":"chat","input_cost_per_token":"5 dollars","search_context_cost_per_query":{"search_context_size_low":0.01},"output_cost_per_token":-1e-6,"input_dbu_cost_per_token":1e-5,"cost_per_second":0.1,"new_cost_per_smell":1"#,
    );
    assert!(prices.is_empty());
    let mut left = left;
    left.sort();
    assert_eq!(
        left,
        [
            "a field of no known meaning",
            "a text where a number belongs",
            "in Databricks' own unit",
            "negative: no price",
            "prices of searches and tools are not a model's output",
            "seconds of computing, not of output",
        ]
    );
    let out = read("litellm", r#"{"a": [], "b": 7, "c": {}}"#);
    let left: Vec<String> = out
        .rejected
        .into_iter()
        .map(|r| format!("{} {}", r.key, r.reason))
        .collect();
    assert_eq!(
        left,
        [
            "litellm:a not an object",
            "litellm:b not an object",
            "litellm:c no price"
        ]
    );
    assert!(
        find("litellm")
            .unwrap()
            .read(&Kept {
                body: b"[]".to_vec(),
                ..empty()
            })
            .is_err()
    );
}

fn empty() -> Kept {
    Kept {
        seq: 0,
        kind: String::new(),
        url: String::new(),
        final_url: String::new(),
        status: 200,
        headers: String::new(),
        fetched_at: 0,
        body: Vec::new(),
    }
}

#[test]
fn models_dev_knows_tokens_only() {
    let body = |output: &str, cost: &str| {
        format!(
            r#"{{"do":{{"models":{{"wan":{{"id":"wan","modalities":{{"input":["text"],"output":["{output}"]}},"cost":{cost}}}}}}}}}"#
        )
    };
    let (prices, left) = row("models-dev", &body("video", r#"{"input":0.6,"output":0}"#));
    assert!(prices.is_empty());
    assert_eq!(left, ["prices of tokens of a model that writes none"]);
    let (prices, left) = row(
        "models-dev",
        &body(
            "text",
            r#"{"input":3,"output":15,"cache_read":0,"tiers":[{"input":6,"output":22.5,"tier":{"type":"context","size":200000}}],"context_over_200k":{"input":6},"cost_of_thinking":1}"#,
        ),
    );
    assert_eq!(
        prices,
        map(&[
            ("1m-input-tokens", "3"),
            ("1m-output-tokens", "15"),
            ("1m-input-tokens;above=200000", "6"),
            ("1m-output-tokens;above=200000", "22.5"),
        ])
    );
    assert_eq!(
        left,
        [
            "zero: free, included or not known",
            "a field of no known meaning"
        ]
    );
}

#[test]
fn openrouter_routes_gives_away_and_resells() {
    let body =
        |id: &str, pricing: &str| format!(r#"{{"data":[{{"id":"{id}","pricing":{pricing}}}]}}"#);
    let (prices, left) = row(
        "openrouter",
        &body("openrouter/auto", r#"{"prompt":"-1","completion":"-1"}"#),
    );
    assert!(prices.is_empty());
    assert_eq!(left, ["the price depends on where the router sends"; 2]);
    let (prices, _) = row(
        "openrouter",
        &body("q/w:free", r#"{"prompt":"0","completion":"0"}"#),
    );
    assert_eq!(
        prices,
        map(&[
            ("1m-input-tokens;tier=free", "0"),
            ("1m-output-tokens;tier=free", "0")
        ])
    );
    let (prices, left) = row(
        "openrouter",
        &body(
            "a/b",
            r#"{"prompt":"0.000003","completion":"0.000015","image":"0.0048","web_search":"0.01","discount":0,
            "overrides":[{"min_prompt_tokens":200000,"prompt":"0.000006"},{"utc_start":"1630","utc_end":"0030","prompt":"0.0000015"}]}"#,
        ),
    );
    assert_eq!(
        prices,
        map(&[
            ("1m-input-tokens", "3"),
            ("1m-output-tokens", "15"),
            ("image;kind=input", "0.0048"),
            ("1m-input-tokens;above=200000", "6"),
            ("1m-input-tokens;time=1630-0030", "1.5"),
        ])
    );
    assert_eq!(
        left,
        ["prices of requests and searches are not a model's output"]
    );
}
