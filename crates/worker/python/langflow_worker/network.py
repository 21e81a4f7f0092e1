"""The way out: HTTP through the server's gate, where the operator opened it.

A worker has no network of its own. `urllib.request.urlopen`, and `requests` and `httpx` whether installed or
not, hand their requests to the server, which checks the host against the operator's list and its own rules.
"""

import base64
import json as _json
import sys
import types
import urllib.parse

from langflow_worker import wire


class NetworkRefused(OSError):
    """The server made no call; the text says why."""


def call(method, url, headers=None, body=b"", timeout=None, follow=True):
    try:
        answer = wire.ask(
            "http", method=method, url=url, headers=[[str(k), str(v)] for k, v in dict(headers or {}).items()],
            body=base64.b64encode(body or b"").decode(), timeout=timeout, follow=bool(follow),
        )
    except wire.Refused as error:
        raise NetworkRefused(str(error)) from None
    return answer["status"], answer["headers"], base64.b64decode(answer["body"]), answer["url"]


def install(allowed, absent):
    import urllib.request

    urllib.request.urlopen = urlopen
    if not _patch_installed("requests", patch_requests):
        sys.modules["requests"] = small_client("requests")
        sys.modules["requests.exceptions"] = sys.modules["requests"].exceptions
    if not _patch_installed("httpx", patch_httpx):
        sys.modules["httpx"] = small_client("httpx")


def _patch_installed(name, patch):
    import importlib.util

    if importlib.util.find_spec(name) is None:
        return False

    class Later:
        """Patches when the module is imported: loading it costs time that most components do not need."""

        def find_spec(self, wanted, path=None, target=None):
            if wanted != name:
                return None
            sys.meta_path.remove(self)
            spec = importlib.util.find_spec(name)
            run = spec.loader.exec_module

            def exec_module(module):
                run(module)
                patch(module)

            spec.loader.exec_module = exec_module
            return spec

    sys.meta_path.insert(0, Later())
    return True


class _Body:
    """An answer of `urlopen`."""

    def __init__(self, status, headers, body, url):
        import email.message
        import io

        self.status = self.code = status
        self.url, self._body = url, io.BytesIO(body)
        self.headers = email.message.Message()
        for key, value in headers:
            self.headers[key] = value

    def read(self, count=-1):
        return self._body.read(count)

    def __iter__(self):
        return iter(self._body)

    def readline(self):
        return self._body.readline()

    def info(self):
        return self.headers

    def geturl(self):
        return self.url

    def getcode(self):
        return self.status

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_args):
        return False


def urlopen(url, data=None, timeout=None, **_options):
    import urllib.error
    import urllib.request

    request = url if isinstance(url, urllib.request.Request) else urllib.request.Request(url, data=data)
    headers = {**request.headers, **request.unredirected_hdrs}
    if request.data is not None and "Content-type" not in headers:
        headers["Content-type"] = "application/x-www-form-urlencoded"
    body = request.data
    if body is not None and not isinstance(body, bytes):
        body = b"".join(body)
    status, got, content, final = call(request.get_method(), request.full_url, headers, body, timeout)
    answer = _Body(status, got, content, final)
    if status >= 400:
        raise urllib.error.HTTPError(final, status, "refused by the server", answer.headers, answer._body)
    return answer


def patch_requests(module):
    import io

    from requests.adapters import HTTPAdapter
    from requests.structures import CaseInsensitiveDict

    def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
        body = request.body
        if isinstance(body, str):
            body = body.encode()
        elif body is not None and not isinstance(body, (bytes, bytearray)):
            body = body.read() if hasattr(body, "read") else b"".join(body)
        wait = max(t for t in timeout if t) if isinstance(timeout, tuple) else timeout
        try:
            status, headers, content, url = call(request.method, request.url, request.headers, body, wait, follow=False)
        except NetworkRefused as error:
            raise module.exceptions.ConnectionError(str(error), request=request) from None
        answer = module.Response()
        answer.status_code, answer.url, answer.request = status, url, request
        answer.headers = CaseInsensitiveDict(headers)
        answer.encoding = module.utils.get_encoding_from_headers(answer.headers)
        answer.raw = io.BytesIO(content)
        answer._content = content
        return answer

    HTTPAdapter.send = send


def patch_httpx(module):
    def answer(request, content):
        try:
            status, headers, body, _ = call(request.method, str(request.url), dict(request.headers), content, follow=False)
        except NetworkRefused as error:
            raise module.ConnectError(str(error), request=request) from None
        headers = [(k, v) for k, v in headers if k.lower() not in ("content-encoding", "transfer-encoding", "content-length")]
        return module.Response(status, headers=headers, content=body, request=request)

    def handle_request(self, request):
        return answer(request, request.read())

    async def handle_async_request(self, request):
        return answer(request, await request.aread())

    module.HTTPTransport.handle_request = handle_request
    module.AsyncHTTPTransport.handle_async_request = handle_async_request


# A small client under the name of one that is not installed


class HTTPError(OSError):
    def __init__(self, *args, response=None, request=None):
        super().__init__(*args)
        self.response, self.request = response, request


class Headers(dict):
    def __init__(self, pairs=()):
        super().__init__({k.lower(): v for k, v in pairs})

    def __getitem__(self, key):
        return super().__getitem__(key.lower())

    def get(self, key, default=None):
        return super().get(key.lower(), default)

    def __contains__(self, key):
        return super().__contains__(key.lower())


class Response:
    def __init__(self, status, headers, content, url):
        self.status_code, self.headers, self.content, self.url = status, Headers(headers), content, url
        self.ok = status < 400
        self.is_success = 200 <= status < 300
        self.is_error = status >= 400
        self.reason = self.reason_phrase = ""
        self.encoding = "utf-8"

    @property
    def text(self):
        return self.content.decode(self.encoding or "utf-8", errors="replace")

    def json(self, **_options):
        return _json.loads(self.content)

    def raise_for_status(self):
        if self.status_code >= 400:
            kind = "Client" if self.status_code < 500 else "Server"
            raise HTTPError(f"{self.status_code} {kind} Error for url: {self.url}", response=self)
        return self

    def iter_content(self, chunk_size=1024):
        for at in range(0, len(self.content), chunk_size or 1024):
            yield self.content[at:at + (chunk_size or 1024)]

    iter_bytes = iter_content

    def iter_lines(self, **_options):
        return iter(self.text.splitlines())

    def read(self):
        return self.content

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_args):
        return False


def request(method, url, params=None, data=None, json=None, headers=None, content=None, timeout=None, auth=None,
            cookies=None, allow_redirects=True, follow_redirects=True, **_options):
    headers = {**(headers or {})}
    if params:
        items = params.items() if hasattr(params, "items") else params
        query = urllib.parse.urlencode([(k, v) for k, v in items if v is not None], doseq=True)
        url = f"{url}{'&' if '?' in url else '?'}{query}"
    body = content if content is not None else b""
    if json is not None:
        body = _json.dumps(json).encode()
        headers.setdefault("Content-Type", "application/json")
    elif isinstance(data, dict):
        body = urllib.parse.urlencode(data, doseq=True).encode()
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    elif data is not None:
        body = data
    if isinstance(body, str):
        body = body.encode()
    if isinstance(auth, (tuple, list)):
        headers["Authorization"] = "Basic " + base64.b64encode(f"{auth[0]}:{auth[1]}".encode()).decode()
    if cookies:
        headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in cookies.items())
    wait = max(t for t in timeout if t) if isinstance(timeout, tuple) else timeout
    wait = wait if isinstance(wait, (int, float)) else None
    return Response(*call(method.upper(), url, headers, body, wait, allow_redirects and follow_redirects))


class Client:
    """A session: default headers, base address."""

    def __init__(self, headers=None, base_url="", timeout=None, auth=None, params=None, **_options):
        self.headers, self.base_url, self.timeout = {**(headers or {})}, str(base_url), timeout
        self.auth, self.params, self.cookies = auth, params or {}, {}

    def request(self, method, url, headers=None, params=None, **options):
        if self.base_url and not url.startswith("http"):
            url = self.base_url.rstrip("/") + "/" + url.lstrip("/")
        options.setdefault("timeout", self.timeout)
        options.setdefault("auth", self.auth)
        return request(method, url, headers={**self.headers, **(headers or {})}, params={**self.params, **(params or {})}, **options)

    def mount(self, *_args):
        pass

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_args):
        return False


class AsyncClient(Client):
    async def request(self, method, url, **options):
        return Client.request(self, method, url, **options)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_args):
        return False

    async def aclose(self):
        pass


def _verb(verb):
    def function(url, *args, **options):
        return request(verb, url, **_data(args, options))

    def method(self, url, *args, **options):
        return self.request(verb, url, **_data(args, options))

    async def awaited(self, url, *args, **options):
        return await self.request(verb, url, **_data(args, options))

    return function, method, awaited


def _data(args, options):
    return {"data": args[0], **options} if args else options


VERBS = {}
for _name in ("get", "post", "put", "patch", "delete", "head", "options"):
    VERBS[_name], _method, _awaited = _verb(_name)
    setattr(Client, _name, _method)
    setattr(AsyncClient, _name, _awaited)


def small_client(name):
    module = types.ModuleType(name)
    module.__doc__ = f"A small stand-in for {name}, which is not installed."
    module.__dict__.update(VERBS)
    module.request, module.Response = request, Response
    module.Client = module.Session = Client
    module.AsyncClient = AsyncClient
    module.session = Client
    module.Timeout = lambda *args, **kwargs: args[0] if args else None
    module.codes = types.SimpleNamespace(ok=200, OK=200, not_found=404)
    errors = types.ModuleType(f"{name}.exceptions")
    for error in ("RequestException", "HTTPError", "RequestError", "HTTPStatusError"):
        setattr(errors, error, HTTPError)
    for error in ("ConnectionError", "ConnectError", "Timeout", "TimeoutException", "ReadTimeout", "ConnectTimeout"):
        setattr(errors, error, NetworkRefused)
    errors.JSONDecodeError = _json.JSONDecodeError
    module.exceptions = errors
    for key, value in vars(errors).items():
        if not key.startswith("_") and key != "Timeout":
            setattr(module, key, value)
    return module
