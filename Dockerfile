# The program and nothing else: no shell, no package manager, no user but one without rights.
# The home is a folder of yours beside it, so that you can edit feeds.toml with any editor:
#   docker build -t roundup . && mkdir my-roundup
#   alias in-it='docker run --rm -u $(id -u):$(id -g) -v $PWD/my-roundup:/var/lib/roundup -e NCBI_EMAIL=you@example.org'
#   in-it roundup init /var/lib/roundup        then edit my-roundup/feeds.toml
#   in-it roundup check; in-it roundup doctor --online
#   in-it -d --name roundup --restart on-failure --read-only roundup
FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev ca-certificates
WORKDIR /roundup
COPY . .
RUN cargo build --locked --profile dist && mkdir -p /home-of/var/lib/roundup /home-of/tmp && chmod 1777 /home-of/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /roundup/target/dist/roundup /usr/bin/roundup
COPY --from=build --chown=65532:65532 /home-of/ /
USER 65532:65532
ENV ROUNDUP_HOME=/var/lib/roundup
VOLUME ["/var/lib/roundup"]
ENTRYPOINT ["/usr/bin/roundup"]
# Nobody outside of the container can ask it, so it answers nobody.
CMD ["daemon", "--no-listen"]
