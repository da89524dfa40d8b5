namespace Orleans.Simulation;

/// <summary>
/// What happened in a simulation, in order. Everything goes into the hash, so two runs with equal hashes took the same steps; lines are kept only on request.
/// </summary>
/// <param name="keepLines">How many of the last lines to keep; 0 keeps none.</param>
public sealed class SimulationTrace(int keepLines = 0)
{
    private readonly Queue<string> _lines = new();

    /// <summary>Of everything so far.</summary>
    public ulong Hash { get; private set; } = 0xCBF29CE484222325;

    public bool KeepsLines => keepLines > 0;

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>A stable number for a text: FNV-1a over its UTF-16 units. <see cref="string.GetHashCode()"/> differs from process to process.</summary>
    public static ulong HashOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hash = 0xCBF29CE484222325;
        foreach (var unit in text)
            hash = unchecked((hash ^ unit) * 0x100000001B3);
        return hash;
    }

    public void Mix(ulong value) => Hash = unchecked((System.Numerics.BitOperations.RotateLeft(Hash, 5) ^ value) * 0x100000001B3);

    public void Keep(string line)
    {
        if (_lines.Count == keepLines)
            _lines.Dequeue();
        _lines.Enqueue(line);
    }
}
