//! `isocenter serve`

use server::{Config, Started};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Start the server: web pages, API, DICOMweb and the DICOM network
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  isocenter serve
  isocenter serve --demo              with synthetic patients to look at
  isocenter serve --data /srv/isocenter
  isocenter serve --listen 127.0.0.1:9000
  ISOCENTER_DIMSE__AE_TITLE=ARCHIVE isocenter serve
  isocenter serve --roles scheduler   with others as --roles executor, for servers whose facts.engine names it

Without settings everything is kept in ./data and only programs on this machine can reach it.
Beyond this machine TLS is required (http.tls_certificate and http.tls_key).
Stop with Ctrl-C: requests under way are finished first.")]
pub struct Args {
    /// Address and port for HTTP, instead of http.listen
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<std::net::SocketAddr>,
    /// Fill with the demo hospital in the background; what was filled once stays as it is
    #[arg(long)]
    demo: bool,
    /// What this process does: the server itself, or a part of a cluster that answers questions over the facts
    #[arg(long, value_name = "ROLE", value_delimiter = ',', default_value = "server")]
    roles: Vec<Role>,
}

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Role {
    /// Pages, API and the network
    Server,
    /// Plans questions and hands out their parts, at cluster.listen
    Scheduler,
    /// Works on parts of questions, for cluster.scheduler
    Executor,
}

/// Serves until told to stop, in every role asked for.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone()));
    let has = |role| args.roles.contains(&role);
    let (serves, schedules, executes) = (has(Role::Server), has(Role::Scheduler), has(Role::Executor));
    let scheduler = async {
        if schedules {
            let ready = |address| println!("Questions are scheduled at ballista://{address}");
            server::roles::schedule(&config, stop.clone(), ready).await?;
        }
        anyhow::Ok(())
    };
    let executor = async {
        if executes {
            println!("Parts of questions are worked on for {}", config.cluster.scheduler);
            server::roles::execute(&config).await?;
        }
        anyhow::Ok(())
    };
    let server = async {
        if serves {
            serve(config.clone(), args, stop.clone()).await?;
        }
        anyhow::Ok(())
    };
    tokio::try_join!(scheduler, executor, server)?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(mut config: Config, args: Args, stop: CancellationToken) -> anyhow::Result<()> {
    if let Some(listen) = args.listen {
        config.http.listen = listen;
    }
    let filling = stop.clone();
    let ready = async |started: Started| {
        announce(&started).await;
        if args.demo {
            // It ends in order when the server stops: what it brought in is recorded.
            let app = started.app;
            app.beside.spawn(super::demo::beside(Arc::clone(&app), filling));
        }
    };
    server::serve(config, stop, ready).await?;
    Ok(())
}

async fn announce(started: &Started) {
    println!("Isocenter is ready at {}", started.url);
    let title = &started.app.config.dimse.ae_title;
    for (address, how) in [(started.dimse, ""), (started.dimse_tls, " with TLS")] {
        if let Some(address) = address {
            println!("DICOM peers call {title} at {address}{how}");
        }
    }
    for (address, how) in [(started.mllp, ""), (started.mllp_tls, " with TLS")] {
        if let Some(address) = address {
            println!("HL7 messages are sent to {address}{how}");
        }
    }
    if let Some((address, secure)) = started.flight {
        println!("Flight SQL is at grpc{}://{address}", if secure { "+tls" } else { "" });
    }
    match started.app.first_sign_in().await {
        Ok(Some(link)) => println!("Sign in, once, with this link: {link}"),
        Ok(None) => println!("For a one-time sign-in link: isocenter user link NAME"),
        Err(error) => {
            tracing::error!(error = %format!("{:#}", anyhow::Error::from(error)), "no sign-in link");
        }
    }
}

async fn stop_on_signal(stop: CancellationToken) {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping; requests under way are finished first");
    stop.cancel();
    // Asked again: go at once. What was acknowledged is durable, so nothing is lost.
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    std::process::exit(130);
}
