# The pages with their libraries and their face: exactly the files that Telemetry.Api/Pages.targets copies, minified as it does.
FROM --platform=$BUILDPLATFORM node:22-slim AS pages
WORKDIR /pages
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY wwwroot wwwroot
RUN node node_modules/esbuild/bin/esbuild "wwwroot/js/**/*.js" "wwwroot/css/**/*.css" --minify-whitespace --minify-syntax --log-level=warning \
    --outbase=wwwroot --outdir=wwwroot --allow-overwrite
RUN mkdir -p wwwroot/lib && cp \
    node_modules/uplot/dist/uPlot.esm.js \
    node_modules/uplot/dist/uPlot.min.css \
    node_modules/@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2 \
    wwwroot/lib/
COPY Telemetry.Api/three.js Telemetry.Api/
RUN node node_modules/esbuild/bin/esbuild Telemetry.Api/three.js --bundle --format=esm --minify --log-level=warning --outfile=wwwroot/lib/three.js

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY Telemetry.Core/Telemetry.Core.csproj Telemetry.Core/
COPY Telemetry.Api/Telemetry.Api.csproj Telemetry.Api/Pages.targets Telemetry.Api/
RUN dotnet restore Telemetry.Api
COPY Telemetry.Core Telemetry.Core
COPY Telemetry.Api Telemetry.Api
COPY appsettings*.json ./
COPY --from=pages /pages/wwwroot wwwroot
# No program of one architecture in it: what is published runs on any that the runtime image has.
RUN dotnet publish Telemetry.Api -c Release -o /app --no-restore -p:PageLibraries=present -p:UseAppHost=false

FROM build AS cluster-build
COPY Telemetry.Cluster Telemetry.Cluster
RUN dotnet publish Telemetry.Cluster -c Release -o /cluster -p:PageLibraries=present -p:UseAppHost=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS base
# data/ is made in the working directory.
WORKDIR /srv/telemetry
RUN mkdir data && chown $APP_UID data
VOLUME /srv/telemetry/data
USER $APP_UID
# The base image sets ASPNETCORE_HTTP_PORTS; Urls would win over it, with a warning at each start.
# On all addresses of the container: the server starts with Auth__SigningKey, Auth__Authority or Auth__AllowAnonymous=true.
ENV Urls=http://+:8000 ASPNETCORE_HTTP_PORTS=
EXPOSE 8000 1883
# There is no curl in the image, but bash, which opens sockets itself.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8000 && printf 'GET /health/live HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r status <&3 && [[ $status == *' 200 '* ]]"]
# One of several instances, with --target cluster (docs/cluster.md).
FROM base AS cluster
COPY --from=cluster-build /cluster /app
EXPOSE 11111
ENTRYPOINT ["dotnet", "/app/Telemetry.Cluster.dll"]

FROM base
COPY --from=build /app /app
ENTRYPOINT ["dotnet", "/app/Telemetry.Api.dll"]
