//! Guessing the password of an account over the wire: how many guesses are evaluated, and whether the owner still
//! comes in.
//!
//! `LANGFLOW_TEST_GUESSES=10000` for the figures of docs/authentication.md; the test prints them.

#![expect(clippy::disallowed_methods, reason = "tests are told in the environment how much to do")]

use crate::server::Server;
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const GUESSERS: usize = 16;
/// Where the owner sits, and has signed in before.
const HOME: &str = "198.51.100.7";
/// Another address of that network, with five attempts a minute of its own.
const NEXT_DOOR: &str = "198.51.100.8";
const PASSWORD: &str = "owl-in-daylight";

const SETTINGS: [(&str, &str); 5] = [
    ("LANGFLOW_AUTO_LOGIN", "False"),
    ("LANGFLOW_SUPERUSER", "owner"),
    ("LANGFLOW_SUPERUSER_PASSWORD", PASSWORD),
    // The addresses of the guessers are told as a proxy tells them.
    ("LANGFLOW_RATE_LIMIT_TRUST_PROXY", "True"),
    ("LANGFLOW_BACKEND_ONLY", "True"),
];

/// What became of guesses.
#[derive(Debug)]
struct Outcome {
    /// Answered with 401: the password was compared.
    evaluated: usize,
    /// Answered with 429: it was not.
    turned_away: usize,
    took: Duration,
}

fn sign_in(server: &Server, from: &str, password: &str) -> u16 {
    let form = json!(format!("username=owner&password={password}"));
    server.send("POST", "/api/v1/login", &[("x-forwarded-for", from)], Some(&form)).status
}

/// Guesses from `addresses` by turns, while the owner comes in now and then.
fn storm(server: &Server, guesses: usize, addresses: &[String]) -> Outcome {
    let (next, evaluated, turned_away) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let began = Instant::now();
    thread::scope(|scope| {
        for _ in 0..GUESSERS {
            scope.spawn(|| {
                loop {
                    let nth = next.fetch_add(1, Ordering::Relaxed);
                    if nth >= guesses {
                        return;
                    }
                    match sign_in(server, &addresses[nth % addresses.len()], &format!("guess-{nth}")) {
                        401 => evaluated.fetch_add(1, Ordering::Relaxed),
                        429 => turned_away.fetch_add(1, Ordering::Relaxed),
                        other => panic!("guess {nth} was answered with {other}"),
                    };
                }
            });
        }
        while next.load(Ordering::Relaxed) < guesses / 2 {
            thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(sign_in(server, HOME, PASSWORD), 200, "the owner comes in during the storm");
    });
    let outcome = Outcome {
        evaluated: evaluated.into_inner(),
        turned_away: turned_away.into_inner(),
        took: began.elapsed(),
    };
    assert_eq!(outcome.evaluated + outcome.turned_away, guesses);
    outcome
}

/// Attempts of one address that are heard in this time: five a minute, in the minutes of the server's clock.
fn most_of_an_address(took: Duration) -> usize {
    5 * (took.as_secs() as usize / 60 + 2)
}

#[test]
fn guesses_are_turned_away_and_the_owner_comes_in() {
    let guesses =
        std::env::var("LANGFLOW_TEST_GUESSES").ok().and_then(|text| text.parse().ok()).unwrap_or(600);
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &SETTINGS, &[]);
    assert_eq!(sign_in(&server, HOME, PASSWORD), 200);

    let one = storm(&server, guesses, &["203.0.113.1".to_owned()]);
    println!("{guesses} guesses from one address: {one:?}");
    assert!(one.evaluated <= most_of_an_address(one.took), "{one:?}");

    let addresses: Vec<String> = (1..=100).map(|network| format!("10.{network}.0.1")).collect();
    let many = storm(&server, guesses, &addresses);
    println!("{guesses} guesses from 100 addresses: {many:?}");
    // After a hundred failures a day the account opens only to networks it was signed in from.
    assert!(one.evaluated + many.evaluated <= 100, "{one:?} {many:?}");

    let neighbours: Vec<String> = (1..=100).map(|host| format!("192.0.2.{host}")).collect();
    let near = storm(&server, guesses, &neighbours);
    println!("{guesses} guesses from 100 addresses of one network: {near:?}");
    assert_eq!(near.evaluated, 0, "{near:?}");
    assert_eq!(sign_in(&server, HOME, PASSWORD), 200, "and after it");

    // Signing out everywhere leaves no session of the owner's network, which stays known all the same.
    let signed_in = json!(format!("username=owner&password={PASSWORD}"));
    let from = [("x-forwarded-for", NEXT_DOOR)];
    let token = server.send("POST", "/api/v1/login", &from, Some(&signed_in)).json()["access_token"].clone();
    let bearer = format!("Bearer {}", token.as_str().unwrap());
    for (method, path) in [("DELETE", "/api/v1/sessions/"), ("POST", "/api/v1/logout")] {
        let out = server.send(method, path, &[("authorization", &bearer)], None);
        assert!(out.status < 300, "{out:?}");
    }
    assert_eq!(server.send("GET", "/api/v1/users/whoami", &[("authorization", &bearer)], None).status, 401);
    assert_eq!(sign_in(&server, NEXT_DOOR, PASSWORD), 200, "signed out while guesses go on");
}
