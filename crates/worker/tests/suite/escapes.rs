//! What code tries, and what becomes of it. Every attempt ends in refusal, and the server goes on at its pace.

use crate::support;
use langflow_core::FaultKind;
use langflow_core::run::ports::Variable;
use langflow_testkit::solo::Solo;
use langflow_worker::{Supervisor, WorkerConfig};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Attempts whose body returns `'ESCAPED'` where they succeed; each must raise instead.
const ATTEMPTS: &[(&str, &str)] = &[
    ("read a file of the machine", "open('/etc/passwd').read()"),
    ("read the shadow file", "open('/etc/shadow').read()"),
    ("read the home of root", "import os; os.listdir('/root')"),
    ("list the root", "import os; assert 'home' in os.listdir('/')"),
    ("read the parent's environment", "open('/proc/1/environ').read()"),
    ("read its own memory map", "open('/proc/self/maps').read()"),
    ("list processes", "import os; assert len(os.listdir('/proc')) > 0"),
    ("write to the interpreter", "open('/usr/lib/python3/x', 'w')"),
    ("write to the root", "open('/x', 'w')"),
    (
        "a symbolic link out of the work folder",
        "import os; os.symlink('/etc/passwd', '/tmp/l'); open('/tmp/l').read()",
    ),
    ("a path out of the work folder", "open('/tmp/../etc/hostname').read()"),
    ("a TCP socket", "import socket; socket.create_connection(('127.0.0.1', 22), 1)"),
    ("a UDP socket", "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)"),
    ("a raw socket", "import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)"),
    ("a unix socket", "import socket; socket.socket(socket.AF_UNIX)"),
    ("a name server", "import socket; socket.gethostbyname('localhost.example')"),
    ("urllib", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:22')"),
    ("requests", "import requests; requests.get('http://169.254.169.254/')"),
    ("httpx", "import httpx; httpx.get('http://127.0.0.1/')"),
    ("fork", "import os; os.fork()"),
    ("a shell", "import subprocess; subprocess.run(['/bin/sh', '-c', 'id'], check=True)"),
    ("os.system", "import os; assert os.system('true') == 0"),
    ("a pool of processes", "import multiprocessing; multiprocessing.Process(target=print).start()"),
    ("posix_spawn", "import os; os.posix_spawn('/bin/true', ['true'], {})"),
    ("exec of a shell", "import os; os.execv('/bin/sh', ['sh'])"),
    ("a signal to the parent", "import os; os.kill(os.getppid(), 9)"),
    ("a signal to everybody", "import os; os.kill(-1, 9)"),
    ("become root", "import os; os.setuid(0)"),
    (
        "mount",
        "import ctypes; assert ctypes.CDLL(None, use_errno=True).mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0",
    ),
    ("ptrace", "import ctypes; assert ctypes.CDLL(None).ptrace(16, 1, 0, 0) == 0"),
    (
        "read memory of another process",
        "import ctypes; assert ctypes.CDLL(None).syscall(310, 1, 0, 0, 0, 0, 0) >= 0",
    ),
    ("new namespaces", "import ctypes; assert ctypes.CDLL(None).unshare(0x10000000) == 0"),
    ("bpf", "import ctypes; assert ctypes.CDLL(None).syscall(321, 0, 0, 0) >= 0"),
    ("keyrings", "import ctypes; assert ctypes.CDLL(None).syscall(250, 0, 0, 0) >= 0"),
    ("io_uring", "import ctypes; assert ctypes.CDLL(None).syscall(425, 1, 0) >= 0"),
    ("userfaultfd", "import ctypes; assert ctypes.CDLL(None).syscall(323, 0) >= 0"),
    ("perf events", "import ctypes; assert ctypes.CDLL(None).syscall(298, 0, 0, 0, 0, 0) >= 0"),
    ("a device", "import os; os.mknod('/tmp/d', 0o60600, os.makedev(8, 0))"),
    ("more memory than it has", "x = bytearray(8 << 30)"),
    ("raise its limits", "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (10000, 10000))"),
    ("more files than it may open", "files = [open('/dev/null') for _ in range(1000)]"),
    ("fill the work folder", "open('/tmp/big', 'wb').write(b'x' * (256 << 20))"),
    (
        "many threads",
        "import threading, time\nfor _ in range(500): threading.Thread(target=time.sleep, args=(5,), daemon=True).start()",
    ),
    ("inherited environment", "import os; assert any('LANGFLOW' in k or 'CARGO' in k for k in os.environ)"),
    (
        "inherited descriptors",
        "import os, stat\nfor fd in range(3, 64):\n    try: mode = os.fstat(fd).st_mode\n    except OSError: continue\n    if stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISBLK(mode): break\nelse: raise OSError('none')",
    ),
    ("the server's database", "from langflow.services.deps import get_db_service; get_db_service()"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_attempt_is_refused() {
    if let Some(pool) = support::pool(WorkerConfig { max_workers: 1, ..support::config() }).await {
        try_everything(&pool).await;
    }
}

/// Every attempt with a worker of this pool.
pub async fn try_everything(pool: &Arc<Supervisor>) {
    let solo = Solo::new();
    let mut escaped = Vec::new();
    for (what, attempt) in ATTEMPTS {
        let code = support::component(&format!("{attempt}\nreturn 'ESCAPED'"));
        if let Ok(value) = support::run(pool, &solo, &code, "out").await {
            escaped.push(format!("{what}: {:?}", value.to_json()));
        }
    }
    assert!(escaped.is_empty(), "{escaped:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_end_is_ended() {
    let config = WorkerConfig { timeout: Duration::from_secs(3), ..support::config() };
    let (Some(quick), Some(pool)) = (support::pool(config).await, support::pool(support::config()).await)
    else {
        return;
    };
    let solo = Solo::new();
    for (what, attempt, words) in [
        ("sleep", "import time; time.sleep(1000)", "ran longer"),
        ("spin", "while True: pass", "ran longer"),
        ("endless requests", "while True: self.log('x')", "ran longer"),
        (
            "rubbish on the wire",
            "import os\nfor fd in range(3, 10):\n    try: os.write(fd, b'\\xff' * 64)\n    except OSError: pass",
            "not a frame",
        ),
        ("a frame larger than allowed", "return 'x' * (17 << 20)", "too large"),
        ("the end of the process", "import os; os._exit(3)", "died during the call"),
        ("a crash", "import ctypes; ctypes.string_at(0)", "died during the call"),
    ] {
        let code = support::component(attempt);
        let pool = if words == "ran longer" { &quick } else { &pool };
        let fault = support::run(pool, &solo, &code, "out").await.unwrap_err();
        assert!(fault.message().contains(words), "{what}: {fault}");
    }
    // Printing without end costs the bound, not the server.
    let code = support::component("for _ in range(100):\n    print('x' * 1000000)\nreturn 'done'");
    assert!(support::run(&pool, &solo, &code, "out").await.is_ok());
}

/// While workers misbehave, the server's own work takes no longer than before.
#[tokio::test(flavor = "multi_thread")]
async fn the_server_keeps_its_pace() {
    let config = WorkerConfig { timeout: Duration::from_secs(2), ..support::config() };
    let Some(pool) = support::pool(config).await else { return };
    let p99 = async |rounds: usize| {
        let mut waits = Vec::new();
        for _ in 0..rounds {
            let began = Instant::now();
            tokio::task::yield_now().await;
            tokio::time::sleep(Duration::from_millis(1)).await;
            waits.push(began.elapsed());
        }
        waits.sort();
        waits[rounds * 99 / 100]
    };
    let before = p99(500).await;
    let attacks = [
        "import time; time.sleep(1000)",
        "while True: pass",
        "while True: self.log('x' * 1000)",
        "x = [bytearray(1 << 20) for _ in range(100000)]",
    ];
    let attackers: Vec<_> = attacks
        .into_iter()
        .map(|attack| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let _ = support::run(&pool, &Solo::new(), &support::component(attack), "out").await;
            })
        })
        .collect();
    let during = p99(500).await;
    for attacker in attackers {
        attacker.await.unwrap();
    }
    eprintln!("p99 of a timer of 1 ms: {before:?} alone, {during:?} under attack");
    // Generous: a machine that builds beside the tests is no quiet place, and the bound is for a blocked runtime.
    assert!(during < before * 4 + Duration::from_millis(250), "{before:?} → {during:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_those_that_the_node_names() {
    let Some(pool) = support::pool(support::config()).await else { return };
    let solo = Solo::new().with_credential("OPENAI_API_KEY", "sk-real");
    let code = support::component("").replace(
        "    def go(self) -> str:\n",
        "    async def go(self) -> str:\n        return await self.get_variable('OPENAI_API_KEY', 'text')\n",
    );
    let fault = support::run(&pool, &solo, &code, "out").await.unwrap_err();
    assert!(fault.message().contains("no field of this component names it"), "{fault}");
    let mut node = support::node(&code, &[("out", "go")]);
    node.template.insert(
        "text".into(),
        serde_json::json!({"type": "str", "value": "OPENAI_API_KEY", "load_from_db": true, "password": true}),
    );
    let definition = support::definition(&pool, &node);
    let instance = definition.parse(Default::default()).unwrap();
    assert_eq!(instance.run_output("out", &solo.cx()).await.unwrap().to_json(), "sk-real");
    let _ = Variable { value: String::new().into(), is_credential: true };
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layer_that_is_missing_refuses_and_is_named() {
    let config = WorkerConfig { without: vec!["nonsense".into()], ..support::config() };
    let pool = langflow_worker::Supervisor::new(config);
    let fault = pool.warm_up().await.unwrap_err();
    assert!(fault.message().contains("no layer 'nonsense'"), "{fault}");
    let config = WorkerConfig { python: Some("/nonexistent/python".into()), ..support::config() };
    let fault = langflow_worker::Supervisor::new(config).warm_up().await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Unavailable);
    assert!(fault.message().contains("LANGFLOW_PYTHON"), "{fault}");
}
