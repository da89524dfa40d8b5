using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace OrleansPayments.Silo.Persistence.Tests.Infrastructure;

/// <summary>A journal with its metrics, and short ways to use it.</summary>
internal sealed class TestJournal : IAsyncDisposable
{
    private TestJournal(PostgresJournal journal, JournalMetrics metrics)
    {
        Journal = journal;
        Metrics = metrics;
    }

    public PostgresJournal Journal { get; }

    public JournalMetrics Metrics { get; }

    public static async Task<TestJournal> StartAsync(string connectionString, Action<JournalOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new JournalOptions { MaxBackOff = TimeSpan.FromMilliseconds(200) };
        configure?.Invoke(options);
        var metrics = new JournalMetrics();
        var journal = new PostgresJournal(options, time ?? TimeProvider.System, metrics, NullLogger<PostgresJournal>.Instance);
        await journal.StartAsync(connectionString, CancellationToken.None);
        return new TestJournal(journal, metrics);
    }

    public Task<AppendResult> AppendAsync(string entity, int expectedVersion, string events = """[{"amount":1}]""") =>
        Journal.AppendAsync(new JournalAppend(entity, expectedVersion, Encoding.UTF8.GetBytes(events))).AsTask();

    public async Task<IReadOnlyList<string>> LoadAsync(string entity) =>
        [.. (await Journal.LoadAsync(entity)).Select(entry => Encoding.UTF8.GetString(entry.Events.Span))];

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        Metrics.Dispose();
    }
}
