//! Reads the reports of a file of JSON lines again and again on one thread, for `bench/run reading`; prints how many
//! reports, sentences and findings that were. Who started it counts the processor time.

use isocenter_reading::{Lexicon, Reader};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (path, rounds) =
        (args.next().ok_or("which file?")?, args.next().ok_or("how often?")?.parse::<u32>()?);
    let lines = std::fs::read_to_string(path)?;
    let text = |line: &str| {
        serde_json::from_str::<serde_json::Value>(line).map(|line| line["text"].as_str().map(str::to_owned))
    };
    let texts: Vec<Option<String>> = lines.lines().map(text).collect::<Result<_, _>>()?;
    let reader = Reader::new(Lexicon::builtin()?);
    let (mut reports, mut sentences, mut findings) = (0_usize, 0, 0);
    for text in (0..rounds).flat_map(|_| texts.iter().flatten()) {
        let reading = reader.read(text);
        reports += 1;
        sentences += reading.sentences.len();
        findings += reading.findings.len();
    }
    #[expect(clippy::print_stdout, reason = "it is what it is for")]
    {
        println!(
            "{}",
            serde_json::json!({ "reports": reports, "sentences": sentences, "findings": findings })
        );
    }
    Ok(())
}
