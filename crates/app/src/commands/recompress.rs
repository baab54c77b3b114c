//! `isocenter recompress`

use crate::connection::Connection;
use crate::told;
use serde_json::json;
use server::Config;
use std::process::ExitCode;

/// Keep uncompressed pixels in JPEG-LS, without loss; readers get the original bytes back
#[derive(clap::Args)]
#[command(after_help = "\
Every smaller form is decoded and the restored file's SHA-256 compared with the original's before it is
used. With archive.recompress = \"jpeg-ls\" the server does this by itself, segment by segment.")]
pub struct Args {}

/// Recompresses.
pub async fn run(config: Config, _: Args) -> anyhow::Result<ExitCode> {
    let connection = Connection::open(config).await?;
    let done = told::follow(&connection, "/api/v1/archive/recompress", &json!({}), |bar, progress| {
        bar.set_message(format!(
            "segment {} of {}, {} saved",
            progress["segments"],
            progress["total"],
            told::bytes(&progress["saved"])
        ));
        bar.tick();
    })
    .await;
    connection.close().await?;
    let done = done?;
    println!("{} files made smaller, {} saved", done["entries"], told::bytes(&done["saved"]));
    Ok(ExitCode::SUCCESS)
}
