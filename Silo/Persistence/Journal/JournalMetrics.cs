using System.Diagnostics.Metrics;

namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>The meter <c>OrleansPayments.Journal</c>.</summary>
public sealed class JournalMetrics : IDisposable
{
    public const string MeterName = "OrleansPayments.Journal";

    private readonly Meter _meter;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _commitDuration;
    private readonly Counter<long> _recoveries;
    private readonly Counter<long> _conflicts;
    private readonly Counter<long> _rejections;
    private long _commitCount;
    private long _recoveryCount;

    public JournalMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _batchSize = _meter.CreateHistogram<int>("journal.batch.size", "{append}", "Appends in one committed batch.");
        _commitDuration = _meter.CreateHistogram<double>("journal.commit.duration", "s", "From sending a batch to its durable answer.");
        _recoveries = _meter.CreateCounter<long>("journal.recoveries", "{recovery}", "Times a writer lost its connection.");
        _conflicts = _meter.CreateCounter<long>("journal.conflicts", "{append}", "Appends refused because the entity had another version.");
        _rejections = _meter.CreateCounter<long>("journal.rejections", "{append}", "Appends whose data the store refused.");
    }

    /// <summary>Batches committed by this process.</summary>
    public long CommitCount => Interlocked.Read(ref _commitCount);

    /// <summary>Times a writer had to recover.</summary>
    public long RecoveryCount => Interlocked.Read(ref _recoveryCount);

    public void Dispose() => _meter.Dispose();

    internal void ObserveQueue(Func<int> length) =>
        _meter.CreateObservableGauge("journal.queue.length", length, "{append}", "Appends that wait for a batch.");

    internal void Committed(int appends, int conflicts, TimeSpan duration)
    {
        Interlocked.Increment(ref _commitCount);
        _batchSize.Record(appends);
        _commitDuration.Record(duration.TotalSeconds);
        if (conflicts > 0)
            _conflicts.Add(conflicts);
    }

    internal void Recovering()
    {
        Interlocked.Increment(ref _recoveryCount);
        _recoveries.Add(1);
    }

    internal void Rejected() => _rejections.Add(1);
}
