using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Telemetry.Tests.Support;

/// <summary>A server's log entries of errors and worse, or with a stack trace.</summary>
sealed class ErrorLog : ILoggerProvider, ILogger
{
    readonly ConcurrentQueue<string> _errors = new();

    /// <summary>Entries so far.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Listens from now on.</summary>
    public static ErrorLog Of(Server server)
    {
        var log = new ErrorLog();
        server.Service<ILoggerFactory>().AddProvider(log);
        return log;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true; // As far as the server's settings go.

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error || exception is not null) _errors.Enqueue($"{formatter(state, exception)} {exception}");
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Dispose()
    {
    }
}
