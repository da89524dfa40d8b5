using System.Collections.Concurrent;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Lines that grains write and gates at which they wait, so that a test steers them without guessing at time.</summary>
public sealed class Journal
{
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();

    public string[] Lines => [.. _lines];

    public void Write(string line) => _lines.Enqueue(line);

    public int CountOf(string line) => _lines.Count(written => written == line);

    /// <summary>Opens the gate for everybody who waits or will.</summary>
    public void Open(string gate) => Gate(gate).TrySetResult();

    public Task Opened(string gate) => Gate(gate).Task;

    public void OpenAll()
    {
        foreach (var gate in _gates.Values)
            gate.TrySetResult();
    }

    private TaskCompletionSource Gate(string gate) => _gates.GetOrAdd(gate, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
