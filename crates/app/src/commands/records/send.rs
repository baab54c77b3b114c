//! `isocenter records send`

use anyhow::{Context as _, bail};
use hl7::Message;
use hl7::mllp::{Frames, framed};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Send HL7 v2 messages to a receiver by MLLP
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  isocenter records send 127.0.0.1:2575 message.hl7
  isocenter records send ris.example.org:2575 day/*.hl7

Files may hold one message or many, with or without batch headers. Each message is sent once the one before it was
answered.

Exit status: 0 all was accepted; 3 something was refused; 1 anything else.")]
pub struct Args {
    /// The receiver
    #[arg(value_name = "HOST:PORT")]
    to: String,
    /// Files with messages
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    patience: u64,
}

/// Some messages were refused.
const NEEDS_A_LOOK: u8 = 3;
/// No answer is longer.
const LONGEST_ANSWER: usize = 1 << 20;

/// Sends.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let stream = TcpStream::connect(&args.to).await.with_context(|| format!("can't reach {}", args.to))?;
    stream.set_nodelay(true)?;
    let patience = Duration::from_secs(args.patience);
    let mut receiver = Receiver { stream, frames: Frames::new(LONGEST_ANSWER), patience };
    let (mut accepted, mut refused) = (0_u64, 0_u64);
    for file in &args.files {
        let content = std::fs::read(file).with_context(|| format!("can't read {}", file.display()))?;
        for (number, message) in hl7::batch::split(&content).messages.into_iter().enumerate() {
            let answer = receiver.ask(message).await.with_context(|| place(file, number))?;
            match answer.code.as_str() {
                "AA" | "CA" => accepted += 1,
                code => {
                    refused += 1;
                    println!("{}: {code} {}", place(file, number), answer.why);
                }
            }
        }
    }
    println!("{accepted} accepted, {refused} refused");
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::from(NEEDS_A_LOOK) })
}

fn place(file: &Path, number: usize) -> String {
    format!("{}, message {}", file.display(), number + 1)
}

struct Receiver {
    stream: TcpStream,
    frames: Frames,
    patience: Duration,
}

/// MSA-1, and what MSA-3 or ERR-3 say of it.
struct Answer {
    code: String,
    why: String,
}

impl Receiver {
    async fn ask(&mut self, message: &[u8]) -> anyhow::Result<Answer> {
        self.stream.write_all(&framed(message)).await.context("the receiver hung up")?;
        let patience = self.patience;
        match tokio::time::timeout(patience, self.frame()).await {
            Ok(frame) => answer(&frame?),
            Err(_) => bail!("there was no answer within {} s", patience.as_secs()),
        }
    }

    async fn frame(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut piece = vec![0; 64 << 10];
        loop {
            if let Some(frame) = self.frames.next_frame()? {
                return Ok(frame);
            }
            let count = self.stream.read(&mut piece).await?;
            if count == 0 {
                bail!("the receiver hung up without an answer");
            }
            self.frames.push(&piece[..count]);
        }
    }
}

fn answer(frame: &[u8]) -> anyhow::Result<Answer> {
    let message = Message::parse(frame).context("the answer is no HL7 message")?;
    let of = |id: &str, field: usize| {
        let segment = message.segments().find(|segment| segment.id() == id)?;
        segment.field(field).text()
    };
    let code = of("MSA", 1).context("the answer has no MSA segment")?;
    let why = of("MSA", 3).or_else(|| of("ERR", 3)).or_else(|| of("ERR", 1)).unwrap_or_default();
    Ok(Answer { code, why })
}
