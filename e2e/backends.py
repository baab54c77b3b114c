"""The large installation's stores, private to a test: a PostgreSQL server and an S3 endpoint (moto)."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from isocenter import soon

BUCKET = "archive"


@dataclass
class Postgres:
    """A server in a folder, reached by a socket in it."""

    programs: Path
    folder: Path

    def database(self, name: str) -> str:
        """Makes an empty database; gives its URI."""
        createdb = self.programs / "createdb"
        subprocess.run([createdb, "--username=isocenter", "--host", self.folder, name], check=True)
        return f"postgres://isocenter@localhost/{name}?host={self.folder}"


def installed_postgres() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        assert "CI" not in os.environ, "PostgreSQL is not installed"
        pytest.skip("PostgreSQL is not installed: no /usr/lib/postgresql/*/bin/initdb")
    return found[-1].parent


def as_server_user(program: Path) -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return [str(program)]
    names = {entry.pw_name for entry in pwd.getpwall()}
    return ["runuser", "-u", "postgres" if "postgres" in names else "nobody", "--", str(program)]


@contextmanager
def private_postgres(within: Path | None = None) -> Iterator[Postgres]:
    """A server of our own that flushes as it does by default, its data below `within`; stopped at the end."""
    programs = installed_postgres()
    folder = Path(tempfile.mkdtemp(prefix="isocenter-pg-", dir=within))
    if os.geteuid() == 0:
        user = as_server_user(programs)[2]
        shutil.chown(folder, user)
    data = folder / "data"
    initdb = [*as_server_user(programs / "initdb"), "--no-sync", "--auth=trust", "--username=isocenter"]
    subprocess.run([*initdb, "--encoding=UTF8", "--locale=C", "-D", data], cwd="/", check=True, capture_output=True)
    options = ["-D", data, "-k", folder, "-c", "listen_addresses="]
    log = (folder.parent / f"{folder.name}.log").open("w")
    server = subprocess.Popen([*as_server_user(programs / "postgres"), *options], cwd="/", stdout=log, stderr=log)
    try:
        ready = [programs / "pg_isready", "-q", "-h", folder]
        soon(lambda: subprocess.run(ready, check=False).returncode == 0)
        yield Postgres(programs, folder)
    finally:
        stop = [*as_server_user(programs / "pg_ctl"), "stop", "-m", "immediate", "-s", "-D", data]
        subprocess.run(stop, cwd="/", check=False)
        server.wait(60)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)
        Path(log.name).unlink()


@dataclass
class S3:
    """An endpoint with one bucket."""

    port: int
    credentials: Path

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def uri(self, prefix: str) -> str:
        where = f"region=us-east-1&endpoint={self.endpoint}&allow_http=true"
        return f"s3://{BUCKET}/{prefix}?{where}&credentials_file={self.credentials}"

    def client(self):
        """Another's S3 client."""
        secret = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
        return boto3.client("s3", endpoint_url=self.endpoint, config=Config(retries={"max_attempts": 1}), **secret)

    def names(self, prefix: str) -> list[str]:
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return [one["Key"] for page in pages for one in page.get("Contents", [])]


@contextmanager
def private_s3() -> Iterator[S3]:
    """An endpoint of our own; what it holds is gone at the end."""
    program = Path(sys.executable).parent / "moto_server"
    with socket.socket() as free, tempfile.TemporaryDirectory() as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        credentials = Path(folder) / "credentials"
        credentials.write_text("[default]\naws_access_key_id = test\naws_secret_access_key = test\n")
        command = [program, "-H", "127.0.0.1", "-p", str(port)]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            s3 = S3(port, credentials)
            soon(lambda: answers(s3))
            s3.client().create_bucket(Bucket=BUCKET)
            yield s3
        finally:
            server.kill()
            server.wait()


def answers(s3: S3) -> bool:
    try:
        s3.client().list_buckets()
    except (BotoCoreError, requests.RequestException):
        return False
    return True
