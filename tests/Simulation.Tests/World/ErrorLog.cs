using Microsoft.Extensions.Logging;
using Orleans.Simulation;

namespace OrleansPayments.Simulation.World;

/// <summary>Puts log lines into the trace. An error is a violation, unless it tells of a store that failed: no other fault of this world may surprise the system.</summary>
internal sealed class ErrorLog(SimulationLoop loop, Action<string> fail)
{
    public LogLevel Least => loop.Trace.KeepsLines ? LogLevel.Debug : LogLevel.Warning;

    public int CircuitsOpened { get; private set; }

    public void Tell(EventId eventId)
    {
        if (eventId.Name == "LogCircuitOpened") CircuitsOpened++;
    }

    public void Write(LogLevel level, string line, Exception? exception)
    {
        var text = exception is null ? line : $"{line} ({exception.GetType().Name}: {exception.Message})";
        if (loop.Trace.KeepsLines) loop.Trace.Keep($"{loop.Elapsed.TotalMilliseconds,12:F3} ms  log {level}: {text}");
        if (level >= LogLevel.Error && !Outage.Is(exception)) fail("logged as " + level + ": " + text);
    }
}

/// <summary>The logger of one category.</summary>
internal sealed class ErrorLogger<T>(ErrorLog log) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= log.Least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        log.Tell(eventId);
        if (IsEnabled(logLevel)) log.Write(logLevel, formatter(state, exception), exception);
    }
}
