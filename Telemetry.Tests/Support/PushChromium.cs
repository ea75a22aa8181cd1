using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Playwright;

namespace Telemetry.Tests.Support;

/// <summary>A Chromium with a profile of its own, which may show notifications: private windows cannot subscribe.</summary>
sealed class PushChromium : IAsyncDisposable
{
    readonly IPlaywright _playwright;
    readonly IBrowserContext _context;

    readonly int _port;
    int _messages;

    // A service worker that somebody debugs is not ended for being idle, and keeps what a test has put into it.
    readonly List<ClientWebSocket> _debugging = [];

    PushChromium(IPlaywright playwright, IBrowserContext context, int port, Uri address) => (_playwright, _context, _port, Address) = (playwright, context, port, address);

    /// <summary>Where the pages are.</summary>
    public Uri Address { get; }

    public static async Task<PushChromium> Start(PushService service, string folder, Uri address)
    {
        var program = Require.Program("chromium", "google-chrome");
        Assertions.SetDefaultExpectTimeout(20_000);
        var (playwright, port) = (await Playwright.CreateAsync(), Ports.Free());
        var context = await playwright.Chromium.LaunchPersistentContextAsync(Path.Combine(folder, "profile"), new BrowserTypeLaunchPersistentContextOptions
        {
            ExecutablePath = program,
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update", "--disable-sync", $"--remote-debugging-port={port}", .. service.BrowserArguments],
            Locale = "en-US",
        });
        await context.GrantPermissionsAsync(["notifications"], new BrowserContextGrantPermissionsOptions { Origin = address.GetLeftPart(UriPartial.Authority) });
        return new PushChromium(playwright, context, port, address);
    }

    /// <summary>Runs a script in every page before its own.</summary>
    public Task OnEachPage(string script) => _context.AddInitScriptAsync(script);

    public async Task<IPage> Open(string page)
    {
        var opened = await _context.NewPageAsync();
        await opened.GotoAsync(new Uri(Address, page).AbsoluteUri);
        return opened;
    }

    /// <summary>Waits until the worker is done with one message more, and has shown one notification.</summary>
    public async Task<JsonElement> Shows(string what)
    {
        _messages++;
        // Chromium forgets a notification that somebody asks for while it is being shown.
        await Eventually.Holds($"{what}: the worker is done with message {_messages}", async () => await Counted("PushMessaging.DeliveryStatus") >= _messages);
        return await Notification();
    }

    /// <summary>The one notification that is shown.</summary>
    public async Task<JsonElement> Notification() => JsonDocument.Parse(await _context.Pages[^1].EvaluateAsync<string>("""
        async () => {
          const registrations = await navigator.serviceWorker.getRegistrations();
          const all = (await Promise.all(registrations.map((one) => one.getNotifications()))).flat();
          return JSON.stringify(all.map(({ title, body, tag, actions }) => ({ title, body, tag, action: actions[0]?.title })));
        }
        """)).RootElement.EnumerateArray().Should().ContainSingle().Subject;

    /// <summary>Clicks the notification, as far as its worker sees it.</summary>
    /// <returns>The page that the worker opens; null: none.</returns>
    public Task<string?> Click(string action = "") => Worker($$"""
        async () => {
          const [notification] = await registration.getNotifications();
          const opened = new Promise((done) => { clients.openWindow = async (address) => done(address); });
          dispatchEvent(new NotificationEvent('notificationclick', { notification, action: '{{action}}' }));
          return {{(action == "" ? "opened" : "null")}};
        }
        """);

    /// <summary>Runs a script in the service worker.</summary>
    /// <returns>Its value as a text; null: none.</returns>
    public async Task<string?> Worker(string script)
    {
        using var http = new HttpClient();
        JsonElement target = default;
        await Eventually.Holds("the service worker runs", async () =>
        {
            var targets = await http.GetFromJsonAsync<JsonElement[]>($"http://127.0.0.1:{_port}/json/list");
            target = targets!.FirstOrDefault(one => one.GetProperty("type").GetString() == "service_worker");
            return target.ValueKind == JsonValueKind.Object;
        });
        var socket = new ClientWebSocket();
        _debugging.Add(socket);
        await socket.ConnectAsync(new Uri(target.GetProperty("webSocketDebuggerUrl").GetString()!), CancellationToken.None);
        var request = JsonSerializer.SerializeToUtf8Bytes(new { id = 1, method = "Runtime.evaluate", @params = new { expression = $"({script})()", awaitPromise = true, returnByValue = true } });
        await socket.SendAsync(request, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        JsonElement answer;
        do answer = await Receive(socket);
        while (!answer.TryGetProperty("id", out _)); // Events come in between.
        var result = answer.GetProperty("result");
        result.TryGetProperty("exceptionDetails", out var wrong).Should().BeFalse($"{wrong}");
        return result.GetProperty("result").TryGetProperty("value", out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;
    }

    static async Task<JsonElement> Receive(ClientWebSocket socket)
    {
        var message = new byte[65_536];
        var length = 0;
        for (ValueWebSocketReceiveResult part = default; !part.EndOfMessage; length += part.Count) part = await socket.ReceiveAsync(message.AsMemory(length), CancellationToken.None);
        return JsonDocument.Parse(message.AsMemory(0, length)).RootElement;
    }

    /// <summary>Hands a decrypted message to the service worker, which shows a notification.</summary>
    public async Task Deliver(string data)
    {
        const string Displayed = "Notifications.NotifierType";
        var before = await Counted(Displayed);
        var devTools = await _context.NewCDPSessionAsync(_context.Pages[^1]);
        var registration = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        devTools.Event("ServiceWorker.workerRegistrationUpdated").OnEvent += (_, update) =>
        {
            if (update!.Value.GetProperty("registrations").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } found) registration.TrySetResult(found.GetProperty("registrationId").GetString()!);
        };
        await devTools.SendAsync("ServiceWorker.enable");
        await devTools.SendAsync("ServiceWorker.deliverPushMessage", new Dictionary<string, object> { ["origin"] = Address.GetLeftPart(UriPartial.Authority), ["registrationId"] = await registration.Task, ["data"] = data });
        await Eventually.Holds("the message is shown", async () => await Counted(Displayed) > before);
    }

    /// <summary>Count of a histogram of the browser; 0: it has none yet.</summary>
    async Task<int> Counted(string histogram)
    {
        var devTools = await _context.NewCDPSessionAsync(_context.Pages[^1]);
        var found = await devTools.SendAsync("Browser.getHistograms", new Dictionary<string, object> { ["query"] = histogram });
        await devTools.DetachAsync();
        return found!.Value.GetProperty("histograms").EnumerateArray().Where(one => one.GetProperty("name").GetString() == histogram).Sum(one => one.GetProperty("count").GetInt32());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _debugging) socket.Dispose();
        await _context.CloseAsync();
        _playwright.Dispose();
    }
}
