namespace Telemetry.Api.Store;

/// <summary>First line of a database error and of its cause: the further lines may fill pages.</summary>
static class DbErrorText
{
    public static string Summarize(Exception error) => error.InnerException is { } cause ? $"{First(error)} ({First(cause).TrimEnd('.')})" : First(error);

    static string First(Exception error) => error.Message.Split('\n')[0].TrimEnd('\r');
}
