using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;
using Telemetry.Tests.Support;
using Telemetry.Tests.TroubleCodes;

namespace Telemetry.Tests.Cluster;

/// <summary>Three processes that share the vehicles of one broker and one store.</summary>
public sealed class ClusterTests(PostgresServer postgres)
{
    const int Cars = 12;

    [Fact]
    public async Task Every_instance_answers_the_same_whichever_receives_the_vehicle()
    {
        var store = await postgres.CreateDatabase();
        await using var broker = await Mosquitto.Start();
        await using var instances = await Instances.Start(3, store, broker);
        for (var car = 0; car < Cars; car++) await Car.PublishOnce(broker.Port, $"wican/car{car}/rpm", $"{1000 + car}");
        for (var index = 0; index < 3; index++)
            await Eventually.Holds($"instance {index} shows all cars", async () => (await instances.States(index)).Count(state => state.Value == "running") == Cars);

        await using var connection = new NpgsqlConnection(store);
        (await connection.QueryAsync<string>("SELECT DISTINCT owner FROM cluster_shards WHERE shard >= 0")).Should().HaveCount(3, "each instance hears a part of the vehicles");
        var ids = (await connection.QueryAsync<(int Id, string Device)>("SELECT vehicle_id, device FROM vehicles ORDER BY 1")).ToDictionary(row => row.Device, row => row.Id);
        ids.Should().HaveCount(Cars + 1);
        for (var index = 0; index < 3; index++)
        {
            foreach (var (device, id) in ids.Where(car => car.Key != "default"))
            {
                var latest = await instances.Get(index, $"/telemetry/latest?vehicle_id={id}");
                latest.Should().Contain($"\"rpm\":{1000 + int.Parse(device[3..], CultureInfo.InvariantCulture)},").And.Contain("\"running\"");
            }

            await Eventually.Holds("the history has it", async () => (await instances.Get(index, "/telemetry/export?vehicle_id=2&format=ndjson")).Contains("rpm", StringComparison.Ordinal));
        }

        // A page of one vehicle, and a page of all, at each instance.
        var (shown, other) = (ids["car3"], ids["car4"]);
        for (var index = 0; index < 3; index++)
        {
            await using var page = await instances.Listen(index, $"vehicle_id={shown}&signals=soc");
            (await page.Next("the snapshot")).Should().Contain($"\"vehicle_id\":{shown},\"rpm\":{(index == 0 ? 1003 : 3000 + index - 1)},");
            await Car.PublishOnce(broker.Port, "wican/car4/rpm", $"{4000 + index}");
            await Car.PublishOnce(broker.Port, "wican/car3/rpm", $"{3000 + index}");
            (await page.Next("the next message")).Should().Contain($"\"vehicle_id\":{shown},\"rpm\":{3000 + index},").And.Contain("\"soc\":null", $"nothing of vehicle {other} comes");
        }

        await Car.PublishOnce(broker.Port, "wican/car3/can/rx", Answers.Of(0x7E8, "43 01 03 01"));
        for (var index = 0; index < 3; index++) await Eventually.Holds($"instance {index} has the trouble code", async () => (await instances.Get(index, $"/vehicles/{shown}/codes")).Contains("P0301", StringComparison.Ordinal));

        using var named = await instances.Http.PatchAsync(instances.Address(0, $"/vehicles/{shown}"), new StringContent("""{"name":"Van"}""", System.Text.Encoding.UTF8, "application/json"));
        named.IsSuccessStatusCode.Should().BeTrue();
        for (var index = 0; index < 3; index++) await Eventually.Holds($"instance {index} has the name", async () => (await instances.Get(index, "/vehicles")).Contains("\"Van\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_lost_doubled_or_offline_when_instances_are_killed_hang_or_stop()
    {
        var store = await postgres.CreateDatabase();
        await using var broker = await Mosquitto.Start("allow_anonymous true", "max_queued_messages 0");
        await using var instances = await Instances.Start(3, store, broker);
        await using var fleet = new CountingFleet(broker.Port, Cars);
        await fleet.Start();
        await Eventually.Holds("all cars run on all instances", async () => (await instances.States(0)).Count(state => state.Value == "running") == Cars && (await instances.States(1)).Count(state => state.Value == "running") == Cars);
        await using var page = await instances.Listen(0, "signals=odometer");

        // Instance 0 stays; one of the others may be the one that receives.
        await instances.Kill(1);
        await Goes(page, fleet);
        await instances.Restart(1);
        await instances.Signal(2, "STOP");
        await Goes(page, fleet);
        await Eventually.Holds("it is declared dead", async () => Regex.IsMatch(await instances.Get(0, "/metrics"), "telemetry_cluster_instances{[^}]*} 2\\b"), TimeSpan.FromSeconds(60));
        await instances.Signal(2, "CONT");
        await Eventually.Holds("the instance that was declared dead has ended", () => instances.HasExited(2), TimeSpan.FromSeconds(60));
        await instances.Restart(2);
        (await instances.Terminate(1)).Should().Be(0);
        await Goes(page, fleet);
        await instances.Restart(1);
        await Goes(page, fleet);

        var published = await fleet.Stop();
        await using var connection = new NpgsqlConnection(store);
        await Eventually.Holds($"{published} rows are stored", async () => await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM readings") >= published, TimeSpan.FromSeconds(60));
        var rows = (await connection.QueryAsync<(string Device, double Value)>("SELECT v.device, r.value FROM readings r JOIN vehicles v USING (vehicle_id) ORDER BY r.recorded_at")).ToList();
        foreach (var car in rows.GroupBy(row => row.Device)) car.Select(row => (int)row.Value).Should().Equal(Enumerable.Range(1, fleet.Last(car.Key)), car.Key);
        Judge(_seen.Concat(page.Heard()));
    }

    [Fact]
    public async Task Instances_with_certificates_speak_TLS_with_each_other()
    {
        using var folder = new TempFolder();
        using var authority = new CertificateAuthority();
        using var certificate = authority.Issue("instance");
        await File.WriteAllTextAsync(folder["authority.pem"], authority.Certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(folder["instance.pem"], $"{certificate.ExportCertificatePem()}\n{certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem()}");
        await using var broker = await Mosquitto.Start();
        await using var instances = await Instances.Start(2, await postgres.CreateDatabase(), broker, $"--Cluster:Certificate={folder["instance.pem"]}", $"--Cluster:CertificateAuthority={folder["authority.pem"]}");
        for (var car = 0; car < Cars; car++) await Car.PublishOnce(broker.Port, $"wican/car{car}/rpm", "900");
        for (var index = 0; index < 2; index++)
        {
            await Eventually.Holds($"instance {index} shows all cars", async () => (await instances.States(index)).Count(state => state.Value == "running") == Cars);
            (await instances.Get(index, "/metrics")).Should().MatchRegex("telemetry_cluster_instances{[^}]*} 2\\b").And.MatchRegex("telemetry_cluster_shards{[^}]*} [1-9]");
        }

        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", instances.Silos[0]);
        var issuer = "";
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => (issuer = shown!.Issuer) is not null);
        var open = () => tls.AuthenticateAsClientAsync("instance");
        await Record.ExceptionAsync(open); // Without a certificate it is refused, now or at its first byte.
        issuer.Should().Be(authority.Certificate.Subject);
    }

    readonly List<string> _seen = [];

    // Each car has a newer value than now.
    async Task Goes(Listener page, CountingFleet fleet)
    {
        var awaited = Enumerable.Range(0, Cars).ToDictionary(CountingFleet.DeviceOf, car => fleet.Last(CountingFleet.DeviceOf(car)) + 1);
        var left = awaited.Values.ToList();
        var ids = new HashSet<int>();
        while (ids.Count < Cars)
        {
            var message = await page.Next("a newer value of each car");
            _seen.Add(message);
            var data = JsonDocument.Parse(message).RootElement.GetProperty("data");
            if (data.GetProperty("odometer") is { ValueKind: JsonValueKind.Number } value && value.GetDouble() >= left.Min()) ids.Add(data.GetProperty("vehicle_id").GetInt32());
        }
    }

    static void Judge(IEnumerable<string> messages)
    {
        var newest = new Dictionary<int, double>();
        foreach (var message in messages.Select(text => JsonDocument.Parse(text).RootElement))
        {
            var data = message.GetProperty("data");
            var vehicle = data.GetProperty("vehicle_id").GetInt32();
            if (vehicle == 1 || data.GetProperty("odometer").ValueKind != JsonValueKind.Number) continue;
            message.GetProperty("state").GetString().Should().Be("running", $"vehicle {vehicle} publishes all the time");
            data.GetProperty("odometer").GetDouble().Should().BeGreaterThanOrEqualTo(newest.GetValueOrDefault(vehicle), $"vehicle {vehicle} shows no older value");
            newest[vehicle] = data.GetProperty("odometer").GetDouble();
        }
    }
}
