namespace Telemetry.Api.Store;

/// <summary>What a database says is wrong may go on for pages; the first line is what it is about, with that of its cause.</summary>
static class DbErrorText
{
    public static string Summarize(Exception error) => error.InnerException is { } cause ? $"{First(error)} ({First(cause).TrimEnd('.')})" : First(error);

    static string First(Exception error) => error.Message.Split('\n')[0].TrimEnd('\r');
}
