namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>The database's answer to a batch, by index of the append.</summary>
internal sealed class BatchAnswer(int count)
{
    private readonly long[] _positions = new long[count];
    private readonly DateTime[] _recordedAt = new DateTime[count];

    public int Conflicts => _positions.Count(position => position == 0);

    public void Set(int index, long position, DateTime recordedAt) => (_positions[index], _recordedAt[index]) = (position, recordedAt);

    /// <summary>0 when the append was in conflict.</summary>
    public long PositionOf(int index) => _positions[index];

    public DateTime RecordedAtOf(int index) => _recordedAt[index];
}
