# ccr in a container: the web UI is built, then the wheel, then both go into an image without compilers, as nobody special.
# `docker compose up` (compose.yaml) is the simple way to run it; by itself:
#   docker build -t ccr .
#   docker run --rm -p 127.0.0.1:3456:3456 -e CCR_KEY=secret -v ./deploy/container:/etc/ccr:ro -v ccr:/data ccr
FROM node:22-slim AS pages
WORKDIR /src/ui
COPY ui/package.json ui/package-lock.json ./
RUN npm ci --silent --no-audit --no-fund
COPY ui ./
RUN npm run --silent build

FROM python:3.13-slim AS wheel
# Libraries that a gateway wants: state in Redis, the log in PostgreSQL. Others: --build-arg EXTRAS=redis,otel,pdf
ARG EXTRAS=redis,postgres
WORKDIR /src
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY grammar ./grammar
COPY rules ./rules
COPY ccr ./ccr
COPY --from=pages /src/ccr/api/static ./ccr/api/static
# Byte-compiled here: the container's files cannot be written, and nobody should wait for it at each start.
RUN python -m venv --without-pip /opt/ccr \
 && python -m pip --python /opt/ccr/bin/python install --no-cache-dir --compile ".[${EXTRAS}]"

FROM python:3.13-slim
LABEL org.claude-code-rules.ccr="" \
      org.opencontainers.image.title="ccr" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin ccr \
 && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=wheel /opt/ccr /opt/ccr
ENV PATH=/opt/ccr/bin:/usr/local/bin:/usr/bin:/bin \
    CCR_HOME=/data \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /data
VOLUME /data
USER 10001:10001
EXPOSE 3456
# Asks at the address and port that the service itself noted, so it also holds with another port, host or TLS.
HEALTHCHECK --interval=30s --timeout=10s --start-period=10s --retries=3 CMD ["ccr", "status", "--json"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["ccr"]
# Towards all of the container's network, which ccr refuses without a key.
CMD ["serve", "--watch", "--host", "0.0.0.0"]
