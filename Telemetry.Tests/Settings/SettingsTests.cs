using Microsoft.AspNetCore.Builder;
using Telemetry.Api;
using Telemetry.Api.Hosting;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Settings;

public class SettingsTests
{
    [Theory]
    [InlineData("Mqtt:Port=abc", "Mqtt:Port is 'abc'; it takes a TCP port, 1 to 65535.")]
    [InlineData("Mqtt:Port=0", "Mqtt:Port is '0'; it takes a TCP port, 1 to 65535.")]
    [InlineData("Mqtt:UseTls=perhaps", "Mqtt:UseTls is 'perhaps'; it takes true or false.")]
    [InlineData("Mqtt:TopicFilter=#", "Mqtt:TopicFilter is '#'; it takes an MQTT topic filter of fixed levels and a wildcard, such as wican/#.")]
    [InlineData("Mqtt:TopicFilter=", "Mqtt:TopicFilter is ''; it takes an MQTT topic filter of fixed levels and a wildcard, such as wican/#.")]
    [InlineData("Mqtt:Certificate=client.pem", "Mqtt:Certificate is 'client.pem'; it requires Mqtt:Host and Mqtt:UseTls=true.")]
    [InlineData("Mqtt:CertificateKey=client.key", "Mqtt:CertificateKey is 'client.key'; it requires Mqtt:Certificate, which is not set.")]
    [InlineData("Mqtt:Hots=broker", "Unknown setting Mqtt:Hots. Valid keys of Mqtt: Host, Port, Username, Password, UseTls, CertificateAuthority, Certificate, CertificateKey, TopicFilter, ClientId, ReceivedAtProperty.")]
    [InlineData("Ingest:Topics:0:Topic=", "Ingest:Topics:0:Topic is ''; it takes levels of fixed text, +, {device}, {signal} or, at the end, {signal...}, such as ovms/+/{device}/metric/{signal...}.")]
    [InlineData("Ingest:Topics:0=obd/#", "Ingest:Topics:0:Topic is 'obd/#'; it takes levels*")]
    [InlineData("Ingest:Topics:0:Topic=obd//{device}", "Ingest:Topics:0:Topic is*")]
    [InlineData("Ingest:Topics:0:Topic=obd/{car}", "Ingest:Topics:0:Topic is*")]
    [InlineData("Ingest:Topics:0:Topic=obd/x{device}", "Ingest:Topics:0:Topic is*")]
    [InlineData("Ingest:Topics:0:Topic={device}/{device}", "Ingest:Topics:0:Topic is*")]
    [InlineData("Ingest:Topics:0:Topic={signal}/{signal...}", "Ingest:Topics:0:Topic is*")]
    [InlineData("Ingest:Topics:0:Topic={signal...}/{device}", "Ingest:Topics:0:Topic is*")]
    [InlineData("Ingest:Topics:0:Topic=$SYS/{device}", "Ingest:Topics:0:Topic is*")]
    [InlineData("Ingest:Topics:0:Topic=a/{device} Ingest:Topics:0:Vehicle=van", "Ingest:Topics:0:Vehicle is 'van'; it requires a Topic without {device}.")]
    [InlineData("Ingest:Topics:0:Topic=a Ingest:Topics:0:Vehicle=v/n", "Ingest:Topics:0:Vehicle is 'v/n'; it takes a device name of 1 to 64 characters without / + #.")]
    [InlineData("Ingest:Topics:0:Topic=a/{signal} Ingest:Topics:0:Signal=rpm", "Ingest:Topics:0:Signal is 'rpm'; it requires a Topic without {signal}, and without SignalKey.")]
    [InlineData("Ingest:Topics:0:Topic=a Ingest:Topics:0:Signal=timestamp", "Ingest:Topics:0:Signal is 'timestamp'; it takes the name of a signal, such as vehicle_speed.")]
    [InlineData("Ingest:Topics:0:Topic=a Ingest:Topics:0:SignalKey=t", "Ingest:Topics:0:SignalKey is 't'; it requires ValueKey and a Topic without {signal}.")]
    [InlineData("Ingest:Topics:0:Topic=a Ingest:Topics:0:ValueKey=v", "Ingest:Topics:0:ValueKey is 'v'; it requires a signal: {signal} in Topic, Signal or SignalKey.")]
    [InlineData("Ingest:Topics:0:Topic=a/{signal} Ingest:Topics:0:Units:vehicle_speed=furlongs",
        "Ingest:Topics:0:Units:vehicle_speed is 'furlongs'; it takes mph, m/s, knots, mi, psi, bar, hPa, inHg, fahrenheit, kelvin, mV, or a factor such as 0.001.")]
    [InlineData("Ingest:Topics:0:Topic=a/{signal} Ingest:Topics:0:Units:vehicle_speed=psi", "Ingest:Topics:0:Units:vehicle_speed is 'psi'; it takes a unit that becomes km/h.")]
    [InlineData("Ingest:Topics:0:Topic=a/{signal} Ingest:Topics:0:Units:time=mph", "Ingest:Topics:0:Units is 'time'; it takes names of signals, such as vehicle_speed.")]
    [InlineData("Ingest:Topics:0:Topic=a/{signal} Ingest:Topics:1:Topic=a/speed", "Ingest:Topics:1:Topic is 'a/speed'; it belongs before 0, which matches all of its topics.")]
    [InlineData("Ingest:Topics=x", "Ingest:Topics is 'x'; it takes a list of rules, such as Ingest:Topics:0=torque/{device}.")]
    [InlineData("Ingest:Topics:0=a/{device} Ingest:Topics:0:Units:speed=mph", "Ingest:Topics:0 is 'a/{device}'; it takes the template as Topic if it has other keys.")]
    [InlineData("Ingest:Topics:0:Topic=a/{device} Ingest:Topics:0:Units=mph", "Ingest:Topics:0:Units is 'mph'; it takes a unit for each signal, such as Units:vehicle_speed=mph.")]
    [InlineData("Ingest:Topics:0:Topic=a/{device} Ingest:Topics:0:Units:speed:x=mph", "Ingest:Topics:0:Units:speed:x is 'mph'; it is nested too deep; *")]
    [InlineData("Ingest:Topics:0:Topic=a/{device} Ingest:Topics:0:Units:speed=mph Ingest:Topics:0:Units:vehicle_speed=mph", "Ingest:Topics:0:Units is 'vehicle_speed'; it takes each signal once, and this is vehicle_speed again.")]
    [InlineData("Ingest:Topics:0:Topic=a/{device} Ingest:Topics:0:Units:speed=0", "Ingest:Topics:0:Units:speed is '0'; it takes mph, *")]
    [InlineData("Ingest:Topics:0:Topic=a Ingest:Topics:0:Signal=rpm Ingest:Topics:0:ValueKey=", "Ingest:Topics:0:ValueKey is ''; it takes a key of the payload.")]
    [InlineData("Ingest:Topics:0:Topic=a Ingest:Topics:0:SignalKey=t Ingest:Topics:0:ValueKey=t", "Ingest:Topics:0:SignalKey is 't'; it takes a key of the payload other than ValueKey.")]
    [InlineData("Ingest:Topics:0=wican/{device}/can/status", "Ingest:Topics:0:Topic is 'wican/{device}/can/status'; it takes topics other than a dongle's status and command topics.")]
    [InlineData("Ingest:Topics:0:Topc=a/{signal}", "Unknown setting Ingest:Topics:0:Topc. Valid keys of Ingest:Topics:0: Topic, Vehicle, Signal, SignalKey, ValueKey, Units.")]
    [InlineData("Broker:Address=everywhere", "Broker:Address is 'everywhere'; it takes an IP address, such as 127.0.0.1 or 0.0.0.0.")]
    [InlineData("Broker:Address=0.0.0.0",
        "Broker:Address is '0.0.0.0'; it takes a loopback address such as 127.0.0.1 unless Broker:Username and Broker:Password are set.")]
    [InlineData("Broker:Username=dongle", "Broker:Username is 'dongle'; it requires Broker:Password: set both or neither.")]
    [InlineData("Presence:Timeout=10", "Presence:Timeout is '10'; it takes a duration as hh:mm:ss, 00:00:01 to 23:59:59, or auto.")]
    [InlineData("Presence:Timeout=1", "Presence:Timeout is '1'; it takes a duration as hh:mm:ss, 00:00:01 to 23:59:59, or auto.")]
    [InlineData("Presence:Timeout=soon", "Presence:Timeout is 'soon'; it takes a duration as hh:mm:ss, 00:00:01 to 23:59:59, or auto.")]
    [InlineData("Presence:StaleAfter=1", "Presence:StaleAfter is '1'; it takes a duration as hh:mm:ss, 00:00:00 to 23:59:59.")]
    [InlineData("Stream:UpdateInterval=00:02:00", "Stream:UpdateInterval is '00:02:00'; it takes a duration as hh:mm:ss.fff, 00:00:00 to 00:01:00.")]
    [InlineData("Broadcast:WriteTimeout=0", "Broadcast:WriteTimeout is '0'; it takes a duration as hh:mm:ss, 00:00:01 to 00:10:00.")]
    [InlineData("History:SqlitePath=", "History:SqlitePath is ''; it takes a file path, such as data/telemetry.db.")]
    [InlineData("History:SpoolPath=data/telemetry.db", "History:SpoolPath is 'data/telemetry.db'; it takes another file than History:SqlitePath.")]
    [InlineData("History:FlushInterval=0", "History:FlushInterval is '0'; it takes a duration as hh:mm:ss.fff, 00:00:00.010 to 00:01:00.")]
    [InlineData("AllowedOrigins:0=good.example",
        "AllowedOrigins holds 'good.example'; it takes origins such as http://localhost:3000, as a list or separated by commas.")]
    [InlineData("AllowedHosts=https://car.example", "AllowedHosts holds 'https://car.example'; it takes names without scheme and port such as car.example, *")]
    [InlineData("AllowedHosts:0=car.example:8000", "AllowedHosts holds 'car.example:8000'; it takes names without scheme and port such as *")]
    [InlineData("Urls=http://+:8000", "Urls is 'http://+:8000', which is reachable from the network; it takes loopback addresses such as http://localhost:8000 unless Auth:SigningKey or Auth:Authority is set, or Auth:AllowAnonymous=true allows access without a login.")]
    [InlineData("Urls=http://localhost:8000;http://192.0.2.1:8000", "Urls is '*', which is reachable from the network; *")]
    [InlineData("Urls=http://localhost.stranger.example:8000", "Urls is '*', which is reachable from the network; *")]
    [InlineData("Kestrel:Endpoints:Http:Url=http://[::]:8000", "Kestrel:Endpoints has 'http://[::]:8000', which is reachable from the network; *")]
    [InlineData("Auth:SigningKey=short-and-secret", "Auth:SigningKey takes at least 32 bytes, such as openssl rand -base64 32 prints.")]
    [InlineData("Auth:Authority=http://login.example", "Auth:Authority is 'http://login.example'; it takes the https address of an OpenID Connect provider, such as *")]
    [InlineData("Auth:Authority=https://login.example Auth:SigningKey=0123456789abcdef0123456789abcdef", "Auth:Authority is 'https://login.example'; it conflicts with Auth:SigningKey: set one of them.")]
    [InlineData("Auth:Username=me", "Auth:Username is 'me'; it requires Auth:PasswordHash and Auth:SigningKey.")]
    [InlineData("Auth:Username=me Auth:SigningKey=0123456789abcdef0123456789abcdef Auth:PasswordHash=secret", "Auth:PasswordHash takes the output of --hash-password, and requires Auth:Username.")]
    [InlineData("Auth:AllowAnonymous=true Auth:SigningKey=0123456789abcdef0123456789abcdef", "Auth:AllowAnonymous is 'true'; it conflicts with Auth:SigningKey or Auth:Authority: they require a login.")]
    [InlineData("Auth:LoginLifetime=0", "Auth:LoginLifetime is '0'; it takes a duration as d.hh:mm:ss, 00:01:00 to 365.00:00:00.")]
    [InlineData("AllowedOrigins=http://good.example,bad.example", "AllowedOrigins holds 'bad.example'; *")]
    [InlineData("TrustedProxies:0=proxy.example", "TrustedProxies holds 'proxy.example'; *")]
    [InlineData("TrustedProxies=proxy.example", "TrustedProxies holds 'proxy.example'; it takes IP addresses and networks such as *")]
    [InlineData("ConnectionStrings:Telemetry:Host=localhost", "Unknown setting ConnectionStrings:Telemetry:Host: ConnectionStrings:Telemetry has no keys, it takes a value.")]
    [InlineData("AllowedOrigins:0:Url=http://localhost", "Unknown setting AllowedOrigins:0:Url: AllowedOrigins:0 has no keys, it takes a value.")]
    [InlineData("ConnectionStrings:Telemetrie=Host=localhost", "Unknown setting ConnectionStrings:Telemetrie. Valid keys of ConnectionStrings: Telemetry.")]
    [InlineData("Logging:LogLevel:Default=loud",
        "Logging:LogLevel:Default is 'loud'; it takes one of Trace, Debug, Information, Warning, Error, Critical, None.")]
    [InlineData("Logging:Console:LogLevel:Telemetry=7",
        "Logging:Console:LogLevel:Telemetry is '7'; it takes one of Trace, Debug, Information, Warning, Error, Critical, None.")]
    [InlineData("Kestrel:Limits:MaxConnections=10", "Unknown setting Kestrel:Limits:MaxConnections. Valid keys of Kestrel:Limits: *MaxConcurrentConnections*")]
    [InlineData("Kestrel:Limits:MaxConcurrentConnections=many", "Kestrel:Limits:MaxConcurrentConnections is 'many'; it takes a number, or a duration as hh:mm:ss.")]
    [InlineData("Kestrel:Limits:MaxConcurrentConnections=0", "Kestrel:Limits:MaxConcurrentConnections is '0'; it takes another value: *")]
    [InlineData("Kestrel:Limits:KeepAliveTimeout=-1", "Kestrel:Limits:KeepAliveTimeout is '-1'; it takes another value: *")]
    [InlineData("Kestrel:Limits:Http2:MaxStreams=1", "Unknown setting Kestrel:Limits:Http2:MaxStreams. *")]
    [InlineData("Kestrel:Limits:MinRequestBodyDataRate:BytesPerSecond=-1", "Kestrel:Limits:MinRequestBodyDataRate takes BytesPerSecond, a number from 0, and GracePeriod, *")]
    [InlineData("Kestrel:Limits:MinRequestBodyDataRate:Bytes=1", "Unknown setting Kestrel:Limits:MinRequestBodyDataRate:Bytes. Valid keys of Kestrel:Limits:MinRequestBodyDataRate: BytesPerSecond and GracePeriod.")]
    [InlineData("Kestrel:Reload=true", "Unknown setting Kestrel:Reload. Valid keys of Kestrel: *")]
    [InlineData("Hsts:MaxAge=-1", "Hsts:MaxAge is '-1'; it takes a duration as d.hh:mm:ss, 00:00:00 to 730.00:00:00.")]
    [InlineData("Kestrel:Endpoints:Http:Ulr=http://localhost:8000", "Unknown setting Kestrel:Endpoints:Http:Ulr. Valid keys of Kestrel: *")]
    [InlineData("Kestrel:EndpointDefaults:Protocols=Http7", "Kestrel:EndpointDefaults:Protocols is 'Http7'; it takes one of None, Http1, *")]
    [InlineData("Kestrel:Endpoints:Https:ClientCertificateMode=yes",
        "Kestrel:Endpoints:Https:ClientCertificateMode is 'yes'; it takes one of NoCertificate, AllowCertificate, RequireCertificate*")]
    [InlineData("Kestrel:Endpoints:Https:SslProtocols:0=Tls9", "Kestrel:Endpoints:Https:SslProtocols:0 is 'Tls9'; it takes one of *, Tls13.")]
    [InlineData("Urls=", "Urls is ''; it takes addresses such as http://localhost:8000, separated by ;.")]
    public void A_wrong_setting_is_one_line_that_names_the_key_and_what_it_takes(string setting, string expected)
    {
        var build = () => Program.Build(CommandLine.Parse([.. setting.Split(' ').Select(one => "--" + one)]));
        build.Should().Throw<SettingException>().WithMessage(expected);
    }

    [Theory]
    [InlineData("Host=localhost;Pasword=secret")]
    [InlineData("postgresql://user:secret@host/db?sslmode=require")]
    public void The_error_of_a_wrong_connection_string_has_no_password(string connectionString)
    {
        var build = () => Program.Build(CommandLine.Parse([$"--ConnectionStrings:Telemetry={connectionString}"]));
        build.Should().Throw<SettingException>().Which.Message.Should().StartWith("ConnectionStrings:Telemetry takes").And.NotContain("secret");
    }

    [Fact]
    public void A_wrong_password_setting_does_not_show_the_password()
    {
        var build = () => Program.Build(CommandLine.Parse(["--Broker:Password=secret"]));
        build.Should().Throw<SettingException>().Which.Message.Should().NotContain("secret");
    }

    [Theory]
    [InlineData("--replay", "--replay takes a CSV file of seconds,metric,value.")]
    [InlineData("--replay=nowhere.csv", "--replay: file 'nowhere.csv' does not exist.")]
    [InlineData("--demo=false", "--demo takes no value.")]
    [InlineData("--demo --speed=fast", "--speed is 'fast'; it takes a number above 0 and up to 1000.")]
    [InlineData("--demo --vehicle=a/b", "--vehicle is 'a/b'; it takes a device name without / + # and control characters.")]
    [InlineData("--demo --vehicle=a\u009bb", "--vehicle is 'a\u009bb'; it takes a device name without / + # and control characters.")]
    [InlineData("--bogus", "Unknown argument '--bogus'. See --help.")]
    [InlineData("demo", "Unknown argument 'demo'. *")]
    [InlineData("Mqtt:Host=broker", "Unknown argument 'Mqtt:Host'. *")]
    [InlineData("--Mqtt=broker", "Unknown argument '--Mqtt'. *")]
    [InlineData("--Mqtt:Host --demo", "--Mqtt:Host takes a value, as --Mqtt:Host=value.")]
    [InlineData("--Urls", "--Urls takes a value, as --Urls=value.")]
    [InlineData("--speed 2", "--speed and --vehicle require --demo or --replay.")]
    public void A_wrong_argument_is_one_line_too(string arguments, string expected)
    {
        var build = () => Program.Build(CommandLine.Parse(arguments.Split(' ')));
        build.Should().Throw<SettingException>().WithMessage(expected);
    }

    [Fact]
    public async Task A_setting_of_a_section_that_does_not_exist_is_an_unknown_argument()
    {
        using var folder = new TempFolder();
        using var process = ServerProcess.Start(folder, null, "--Mqttt:Host=broker");
        (await process.WaitForExit()).Should().Be(1);
        process.Output.Should().Be("Unknown argument '--Mqttt:Host'. See --help.");
    }

    [Theory]
    [InlineData("root:x:0:0", "*drive.csv: line 1 is not 'seconds,metric,value'.")]
    [InlineData("seconds,metric,value\n0,rpm,fast\n", "*drive.csv: line 2 is not 'seconds,metric,value' with two numbers: '0,rpm,fast'.")]
    [InlineData("seconds,metric,value\n", "--replay: '*drive.csv' contains no readings.")]
    [InlineData("", "--replay: '*drive.csv' contains no readings.")]
    public async Task A_file_that_is_no_drive_is_one_line_too(string text, string expected)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["drive.csv"], text);
        var build = () => Program.Build(CommandLine.Parse([$"--replay={folder["drive.csv"]}"]));
        build.Should().Throw<SettingException>().WithMessage(expected);
    }

    [Theory]
    [InlineData("History:SqlitePath")]
    [InlineData("History:SpoolPath")]
    public async Task A_file_that_cannot_be_written_ends_the_start(string key)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["text"], new string('x', 4096));
        foreach (var path in new[] { folder["text"], folder["text/telemetry.db"], folder.Path })
        {
            var start = () => Start(folder, $"--{key}={path}");
            (await start.Should().ThrowAsync<SettingException>()).WithMessage($"{key} is '{path}'; it takes an SQLite file*that can be written (*).").Which.Message.Should().NotContain("\n");
        }

        using var server = ServerProcess.Start(folder, null, $"--{key}={folder["text"]}");
        (await server.WaitForExit()).Should().Be(1);
        server.Output.Should().StartWith($"{key} is '").And.NotContain("\n");
    }

    [Fact]
    public async Task A_spool_that_another_server_uses_ends_the_start()
    {
        using var folder = new TempFolder();
        var path = folder["spool.db"];
        var start = () => Start(folder, $"--History:SpoolPath={path}");
        await using (var first = await start())
        {
            (await start.Should().ThrowAsync<SettingException>()).WithMessage($"History:SpoolPath is '{path}'; it takes an SQLite file of this server's own that can be written (*used by another process).");
            await first.StopAsync();
        }

        await using var next = await start();
        await next.StopAsync();
    }

    static async Task<WebApplication> Start(TempFolder folder, string setting)
    {
        var app = Program.Build(CommandLine.Parse(["--Urls=http://127.0.0.1:0", $"--Broker:Port={Ports.Free()}", $"--History:SqlitePath={folder["telemetry.db"]}", $"--History:SpoolPath={folder["spool.db"]}", setting]));
        await app.StartAsync();
        return app;
    }
}
