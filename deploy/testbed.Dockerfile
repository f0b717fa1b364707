# A pretended cluster in one container, for trying the platform: Slurm with accounting, sshd and Quantum ESPRESSO. Never for production.
FROM node:24.21.0-bookworm-slim
LABEL org.opencontainers.image.title="CrystalMath test bed" org.opencontainers.image.licenses="MIT"
RUN printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d \
 && apt-get -q update \
 && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends \
      slurmctld slurmd slurm-client slurmdbd slurm-wlm-plugins slurm-wlm-mysql-plugin mariadb-server munge \
      openssh-server openssh-client quantum-espresso quantum-espresso-data openmpi-bin procps \
 && rm -rf /var/lib/apt/lists/* /usr/share/doc/*
WORKDIR /app
COPY testbed testbed
COPY deploy deploy
RUN mkdir -p node_modules/@crystalmath && ln -s ../../testbed node_modules/@crystalmath/testbed
EXPOSE 2222
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/deploy/src/testbed-site.ts"]
