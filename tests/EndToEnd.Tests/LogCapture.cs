using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>Everything that anything logs, at every level, with its values, scopes' and exceptions' texts.</summary>
internal sealed class LogCapture : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<LogEntry> Entries => _entries;

    /// <summary>For the silo's services: this provider hears what the console's filters keep out.</summary>
    public void AddTo(IServiceCollection services) => services.AddLogging(AddToLog);

    /// <summary>As <see cref="AddTo"/>, for a host that lets its log be changed only.</summary>
    public void AddToLog(ILoggingBuilder logging)
    {
        logging.AddProvider(this);
        logging.SetMinimumLevel(LogLevel.Trace);
        logging.AddFilter<LogCapture>(null, LogLevel.Trace);
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        // The entries are read after the silo's end.
    }

    private sealed class Logger(LogCapture capture, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => capture._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}")) : "";
            var scopes = new List<string>();
            capture._scopes.ForEachScope((scope, list) => list.Add(scope?.ToString() ?? ""), scopes);
            capture._entries.Enqueue(new LogEntry(category, logLevel, $"{formatter(state, exception)} {values} {string.Join(' ', scopes)} {exception}"));
        }
    }
}

internal sealed record LogEntry(string Category, LogLevel Level, string Text)
{
    /// <summary>As <c>SiloLogging</c> has it: of the platform only what is amiss.</summary>
    public bool IsKeptByDefault => Level >= LogLevel.Warning || !Platform.Any(prefix => Category.StartsWith(prefix, StringComparison.Ordinal));

    private static readonly string[] Platform = ["Microsoft", "System", "Orleans."];
}
