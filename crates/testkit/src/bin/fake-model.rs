//! The fake model server as a program: `fake-model [--host H] [--port N]`.

#![expect(clippy::print_stdout, reason = "a program for people at a terminal")]

use langflow_testkit::fake_model::FakeModel;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut port = 0;
    let mut host = "127.0.0.1".to_owned();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match (arg.as_str(), args.next()) {
            ("--port", Some(value)) => port = value.parse()?,
            ("--host", Some(value)) => host = value,
            _ => anyhow::bail!("usage: fake-model [--host H] [--port N]"),
        }
    }
    let server = FakeModel::start_on(&host, port).await?;
    println!("OpenAI wire at {}", server.openai_url());
    println!("script replies with POST {0}/_script, read requests at {0}/_requests", server.root_url());
    server.wait().await;
    Ok(())
}
