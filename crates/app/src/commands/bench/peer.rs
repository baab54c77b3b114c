//! The server that is measured: an association with it.

use anyhow::Context as _;
use dicom::net::pdu::Role;
use dicom::net::scu::{self, Proposal};
use dicom::net::tcp::PromptStream;
use dicom::net::{Association, Timeouts};
use model::AeTitle;
use tokio::net::TcpStream;

/// A DICOM server.
#[derive(clap::Args, Clone)]
pub struct Peer {
    /// Where it listens
    #[arg(long, value_name = "HOST:PORT")]
    to: String,
    /// Its AE title
    #[arg(long, value_name = "TITLE", default_value = "ISOCENTER")]
    called: String,
    /// Our AE title
    #[arg(long, value_name = "TITLE", default_value = "BENCH")]
    calling: String,
}

impl Peer {
    /// Asks for an association with these presentation contexts and roles.
    pub async fn associate(
        &self,
        contexts: Vec<(String, Vec<String>)>,
        roles: Vec<Role>,
    ) -> anyhow::Result<Association<PromptStream>> {
        let (called, calling) = (AeTitle::parse(&self.called)?, AeTitle::parse(&self.calling)?);
        let proposal = Proposal { roles, ..Proposal::new(called, calling, contexts) };
        let stream =
            TcpStream::connect(&self.to).await.with_context(|| format!("{} does not answer", self.to))?;
        Ok(scu::connect(PromptStream::new(stream)?, &proposal, Timeouts::default()).await?)
    }

    /// Our AE title.
    pub fn calling(&self) -> anyhow::Result<AeTitle> {
        Ok(AeTitle::parse(&self.calling)?)
    }
}
