using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace OrleansPayments.Benchmarks;

/// <summary>One of the project's programs in a process of its own, stopped by its id.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int MaxLines = 200;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(40);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _announcement;

    private ChildProcess(Process process, string announcement)
    {
        _process = process;
        _announcement = announcement;
        process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"A process ended before it served:\n{Output}"));
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.EnableRaisingEvents = true;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public Uri Address { get; private set; } = null!;

    /// <summary>The last lines that it printed.</summary>
    public string Output => string.Join('\n', _lines);

    /// <param name="assembly">A program beside this one.</param>
    /// <param name="announcement">The text that comes before its address in what it prints.</param>
    public static async Task<ChildProcess> StartAsync(
        string assembly, string announcement, CancellationToken cancellation, params (string Name, string Value)[] environment)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, assembly)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;

        var child = new ChildProcess(Process.Start(start)!, announcement);
        try
        {
            child.Address = await child._address.Task.WaitAsync(StartPatience, cancellation);
            return child;
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using (var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
            using var limit = new CancellationTokenSource(StopPatience);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                await _process.WaitForExitAsync();
            }
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _lines.Enqueue(line);
        while (_lines.Count > MaxLines) _lines.TryDequeue(out _);
        var at = line.IndexOf(_announcement, StringComparison.Ordinal);
        if (at >= 0 && Uri.TryCreate(line[(at + _announcement.Length)..].Trim(), UriKind.Absolute, out var address)) _address.TrySetResult(address);
    }
}
