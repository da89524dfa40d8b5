using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrleansPayments.Benchmarks.Engine;

/// <summary>A closed loop: each caller calls again when it has its answer. Counts between two moments and the bytes allocated meanwhile.</summary>
internal sealed class CallLoad<TCall>(TCall call, int callers, int targets)
    where TCall : struct, ICall
{
    // Calls that end on the caller's thread never give it back; the other callers must get their share of the processors.
    private const int CallsPerTurn = 256;

    private readonly Counter[] _counters = new Counter[callers];
    private volatile bool _ending;

    /// <summary>Runs on the calling thread, which is none of the pool's: the load has those for itself.</summary>
    public Sample Run(EngineWindow window, CancellationToken stop)
    {
        var running = Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller))));
        try
        {
            Wait(window.WarmUp, running, stop);
            var bytes = GC.GetTotalAllocatedBytes(precise: true);
            var calls = Count();
            var used = Environment.CpuUsage.TotalTime;
            var started = Stopwatch.GetTimestamp();
            Wait(window.Length, running, stop);
            var elapsed = Stopwatch.GetElapsedTime(started);
            used = Environment.CpuUsage.TotalTime - used;
            calls = Math.Max(1, Count() - calls);
            bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
            return new Sample(calls / elapsed.TotalSeconds, used.TotalNanoseconds / calls, (double)bytes / calls);
        }
        finally
        {
            _ending = true;
            running.GetAwaiter().GetResult();
        }
    }

    private static void Wait(TimeSpan time, Task running, CancellationToken stop)
    {
        // Ends early only when a caller failed, which then is thrown, or when the user interrupts.
        if (Task.WaitAny([running], (int)time.TotalMilliseconds, stop) >= 0) running.GetAwaiter().GetResult();
    }

    private async Task CallAsync(int caller)
    {
        // Callers begin far from each other.
        var target = caller * (targets / callers);
        while (!_ending)
        {
            for (var i = 0; i < CallsPerTurn && !_ending; i++)
            {
                if (!await call.To(target++ & (targets - 1)).ConfigureAwait(false)) throw new InvalidOperationException("A call was answered wrongly.");
                _counters[caller].Calls++;
            }

            await Task.Yield();
        }
    }

    private long Count()
    {
        long sum = 0;
        for (var i = 0; i < _counters.Length; i++) sum += Volatile.Read(ref _counters[i].Calls);
        return sum;
    }

    // Apart from its neighbours in memory, so that counting callers do not slow each other down.
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Counter
    {
        public long Calls;
    }
}
