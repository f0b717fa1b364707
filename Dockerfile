# One image for every service and the command line:
#   docker build -t crystalmath/platform:0.1.0 .
#   docker run crystalmath/platform:0.1.0 gateway | submitter | poller | parser | recovery | <any command of crystalmath>
ARG NODE_VERSION=24.21.0

# the manifests alone, so that a change of the source does not install again
FROM node:${NODE_VERSION}-bookworm-slim AS manifests
COPY . /all
RUN node /all/deploy/src/manifests.ts /all /manifests

FROM node:${NODE_VERSION}-bookworm-slim AS packages
WORKDIR /app
COPY --from=manifests /manifests ./
# what the lock names for the services and the command line; no optional package: they carry native code and a second Node
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --workspace services --workspace apps \
 && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
 && rm -rf node_modules/3dmol/doc node_modules/3dmol/src && find node_modules/3dmol/build -type f ! -name 3Dmol-min.js -delete \
 && mkdir -p node_modules/.bin && ln -sf /usr/local/bin/node node_modules/.bin/node

FROM debian:bookworm-slim AS platform
LABEL org.opencontainers.image.title="CrystalMath" \
      org.opencontainers.image.description="Services and command line of the control plane for electronic-structure campaigns" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd -g 1000 crystalmath && useradd -u 1000 -g crystalmath -d /home/crystalmath -m crystalmath \
 && install -d -o crystalmath -g crystalmath /var/lib/crystalmath /app/.cache /run/crystalmath/keys
COPY --from=packages /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY libs libs
COPY testbed testbed
COPY services services
COPY apps apps
COPY deploy deploy
RUN ln -s /app/apps/cli/bin/crystalmath /usr/local/bin/crystalmath
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/app/.cache \
    HEALTH_HOST=0.0.0.0 \
    HEALTH_PORT=9100 \
    HOST=0.0.0.0 \
    PORT=4100
# the cache is bound to the user that fills it
USER 1000:1000
RUN node deploy/src/fill-compile-cache.ts
EXPOSE 4100 9100
# patient: on a machine that is busy, the check itself starts slowly
HEALTHCHECK --interval=10s --timeout=15s --start-period=60s --retries=3 CMD ["/app/deploy/health.sh"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/app/deploy/entrypoint.sh"]
CMD ["--help"]
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}"
