//! Which hosts and addresses an outbound call may reach (SSRF protection).

use super::config::{ProxyConfig, SsrfConfig};
use langflow_core::Fault;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// The rules of `LANGFLOW_SSRF_*`, ready to ask.
#[derive(Clone, Debug)]
pub struct Gate {
    enabled: bool,
    names: Vec<NameRule>,
    nets: Vec<Net>,
}

/// Why an address is not called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    host: String,
    why: &'static str,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SSRF protection refused '{}': {}. An operator can allow it with LANGFLOW_SSRF_ALLOWED_HOSTS, or \
             switch the protection off with LANGFLOW_SSRF_PROTECTION_ENABLED=false",
            self.host, self.why
        )
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal.to_string())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NameRule {
    Exact(String),
    /// `*.example.com`, kept as `.example.com`.
    Below(String),
}

impl NameRule {
    /// `None` for an entry that can match no name.
    pub fn parse(entry: &str) -> Option<Self> {
        let entry = entry.trim().trim_end_matches('.').to_ascii_lowercase();
        if let Some(suffix) = entry.strip_prefix('*') {
            return suffix.starts_with('.').then(|| Self::Below(suffix.to_owned()));
        }
        let name = entry.split_once(':').map_or(entry.as_str(), |(name, _port)| name);
        (!name.is_empty()).then(|| Self::Exact(name.to_owned()))
    }

    /// `name` in lower case.
    pub fn matches(&self, name: &str) -> bool {
        match self {
            Self::Exact(exact) => name == exact,
            Self::Below(suffix) => name.len() > suffix.len() && name.ends_with(suffix.as_str()),
        }
    }
}

/// An address range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Net {
    base: IpAddr,
    prefix: u8,
}

impl Net {
    fn parse(text: &str) -> Option<Self> {
        let (base, prefix) = match text.split_once('/') {
            Some((base, prefix)) => (base, Some(prefix.parse::<u8>().ok()?)),
            None => (text, None),
        };
        let base: IpAddr = base.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
        let bits = if base.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(bits);
        (prefix <= bits).then_some(Self { base, prefix })
    }

    fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let shift = 32 - u32::from(self.prefix);
                (u64::from(base.to_bits()) >> shift) == (u64::from(address.to_bits()) >> shift)
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let shift = 128 - u32::from(self.prefix);
                shift == 128 || (base.to_bits() >> shift) == (address.to_bits() >> shift)
            }
            _ => false,
        }
    }
}

impl Gate {
    /// Entries of the allow-list that are neither a name nor a range never match.
    pub fn new(config: &SsrfConfig, proxy: &ProxyConfig) -> Self {
        let mut gate = Self { enabled: config.enabled, names: Vec::new(), nets: Vec::new() };
        for entry in &config.allowed_hosts {
            gate.allow(entry);
        }
        // The operator named the proxies; they usually stand on a private address.
        for proxy in [&proxy.http, &proxy.https, &proxy.all].into_iter().flatten() {
            if let Some(host) = Url::parse(proxy).ok().and_then(|url| url.host_str().map(str::to_owned)) {
                gate.allow(&host);
            }
        }
        gate
    }

    fn allow(&mut self, entry: &str) {
        match Net::parse(entry.trim()) {
            Some(net) => self.nets.push(net),
            None => self.names.extend(NameRule::parse(entry)),
        }
    }

    /// Whether the operator allows the name whatever its addresses are.
    pub fn allows_name(&self, name: &str) -> bool {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        !self.enabled || self.names.iter().any(|rule| rule.matches(&name))
    }

    /// Checks what can be checked without a look-up: the scheme, and an address written in the URL.
    pub fn check_url(&self, url: &Url) -> Result<(), Fault> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Fault::invalid(format!(
                "only http and https URLs can be called, not '{}:'",
                url.scheme()
            )));
        }
        match url.host() {
            None => Err(Fault::invalid("the URL names no host")),
            Some(Host::Domain(_)) => Ok(()),
            Some(Host::Ipv4(address)) => Ok(self.check_address(&address.to_string(), address.into())?),
            Some(Host::Ipv6(address)) => Ok(self.check_address(&address.to_string(), address.into())?),
        }
    }

    /// Checks one address of `host`.
    pub fn check_address(&self, host: &str, address: IpAddr) -> Result<(), Refusal> {
        if !self.enabled || self.nets.iter().any(|net| net.contains(address)) {
            return Ok(());
        }
        let why = match address {
            IpAddr::V4(v4) => not_public_v4(v4),
            IpAddr::V6(v6) => not_public_v6(v6),
        };
        match why {
            Some(why) => Err(Refusal { host: host.to_owned(), why }),
            None => Ok(()),
        }
    }
}

/// The IANA special-purpose ranges, as what they are.
fn not_public_v4(address: Ipv4Addr) -> Option<&'static str> {
    match address.octets() {
        [127, ..] => Some("it is a loopback address"),
        [10, ..] | [192, 168, ..] | [172, 16..=31, ..] => Some("it is a private address"),
        [169, 254, ..] => Some("it is a link-local address, where cloud metadata lives"),
        [100, 64..=127, ..] => Some("it is a shared (carrier NAT) address"),
        [0, ..] => Some("it is an address of this network"),
        [224..=239, ..] => Some("it is a multicast address"),
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => {
            Some("it is a reserved address")
        }
        [240..=255, ..] => Some("it is a reserved address"),
        _ => None,
    }
}

fn not_public_v6(address: Ipv6Addr) -> Option<&'static str> {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("it is a loopback address"),
        [0, 0, 0, 0, 0, 0xffff, ..] => Some("it is an IPv4 address in disguise"),
        [0, 0, 0, 0, 0, 0, ..] => Some("it is an address of this network"),
        [0x64, 0xff9b, ..] | [0x2001, 0, ..] | [0x2002, ..] => Some("it leads to an IPv4 address"),
        [0xfc00..=0xfdff, ..] => Some("it is a private (unique local) address"),
        [0xfe80..=0xfebf, ..] => Some("it is a link-local address, where cloud metadata lives"),
        [0xfec0..=0xfeff, ..] => Some("it is a private (site local) address"),
        [0xff00..=0xffff, ..] => Some("it is a multicast address"),
        [0x100, ..] | [0x2001, 0xdb8, ..] => Some("it is a reserved address"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(allowed: &[&str]) -> Gate {
        let config =
            SsrfConfig { enabled: true, allowed_hosts: allowed.iter().map(|s| (*s).to_owned()).collect() };
        Gate::new(&config, &ProxyConfig::default())
    }

    #[test]
    fn only_public_addresses_pass() {
        let gate = gate(&[]);
        let refused = [
            "http://127.0.0.1/",
            "http://127.9.9.9:8080/x",
            "http://0x7f.1/",
            "http://2130706433/",
            "http://0177.0.0.1/",
            "http://0.0.0.0/",
            "http://10.1.2.3/",
            "http://172.16.0.1/",
            "http://172.31.255.255/",
            "http://192.168.1.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://100.64.0.1/",
            "http://100.100.100.200/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "http://192.0.2.1/",
            "http://198.18.0.1/",
            "http://203.0.113.9/",
            "http://240.0.0.1/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:8.8.8.8]/",
            "http://[fd00:ec2::254]/",
            "http://[fe80::1]/",
            "http://[fec0::1]/",
            "http://[ff02::1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://[2001:db8::1]/",
            "http://[::127.0.0.1]/",
        ];
        for url in refused {
            let fault = gate.check_url(&Url::parse(url).unwrap()).expect_err(url);
            assert_eq!(fault.kind(), langflow_core::FaultKind::Refused, "{url}");
            for word in ["SSRF protection", "LANGFLOW_SSRF_PROTECTION_ENABLED", "LANGFLOW_SSRF_ALLOWED_HOSTS"]
            {
                assert!(fault.message().contains(word), "{url}: {fault}");
            }
        }
        let passed = [
            "http://8.8.8.8/",
            "https://1.1.1.1/",
            "http://172.32.0.1/",
            "http://172.15.0.1/",
            "http://100.63.255.255/",
            "http://100.128.0.1/",
            "http://169.253.0.1/",
            "http://192.167.1.1/",
            "http://[2606:4700:4700::1111]/",
            "http://[2a00:1450::1]/",
            "https://example.com/",
        ];
        for url in passed {
            gate.check_url(&Url::parse(url).unwrap()).expect(url);
        }
    }

    #[test]
    fn other_schemes_are_invalid() {
        for url in ["file:///etc/passwd", "gopher://x/", "ftp://x/", "data:text/plain,x"] {
            let fault = gate(&["*"]).check_url(&Url::parse(url).unwrap()).expect_err(url);
            assert_eq!(fault.kind(), langflow_core::FaultKind::Invalid, "{url}");
        }
    }

    #[test]
    fn the_allow_list_takes_names_addresses_and_ranges() {
        let gate =
            gate(&["10.1.0.0/16", "127.0.0.1", "Models.corp.", "*.intra.example", "fd00::/8", "", "/8"]);
        for (address, allowed) in [
            ("10.1.255.1", true),
            ("10.2.0.1", false),
            ("127.0.0.1", true),
            ("127.0.0.2", false),
            ("fd12::1", true),
            ("fe80::1", false),
            ("169.254.169.254", false),
        ] {
            assert_eq!(gate.check_address("x", address.parse().unwrap()).is_ok(), allowed, "{address}");
        }
        for (name, allowed) in [
            ("models.corp", true),
            ("MODELS.CORP.", true),
            ("evilmodels.corp", false),
            ("a.intra.example", true),
            ("intra.example", false),
            ("a.intra.example.evil.org", false),
        ] {
            assert_eq!(gate.allows_name(name), allowed, "{name}");
        }
    }

    #[test]
    fn every_address_is_in_the_range_of_prefix_zero() {
        assert!(gate(&["0.0.0.0/0"]).check_address("x", "127.0.0.1".parse().unwrap()).is_ok());
        assert!(gate(&["::/0"]).check_address("x", "::1".parse().unwrap()).is_ok());
        assert!(gate(&["::/0"]).check_address("x", "127.0.0.1".parse().unwrap()).is_err());
    }

    #[test]
    fn switched_off_it_lets_everything_pass() {
        let off = SsrfConfig { enabled: false, allowed_hosts: Vec::new() };
        let gate = Gate::new(&off, &ProxyConfig::default());
        assert!(gate.allows_name("anything"));
        gate.check_url(&Url::parse("http://169.254.169.254/").unwrap()).unwrap();
    }
}
