using System.Diagnostics;

namespace OrleansPayments.Benchmarks.Engine;

/// <summary>
/// A contestant in a process of its own, because the two engines cannot be built into one: told by lines what to measure, and idle meanwhile. <see cref="Serve"/>
/// is the other end.
/// </summary>
internal sealed class EngineProcess : IContestant
{
    /// <summary>The argument that makes this program the other end.</summary>
    public const string ServeArgument = "--serve";

    private readonly Process _process;

    private EngineProcess(Process process) => _process = process;

    public string Name => ContestantNames.Orleans;

    public static EngineProcess Start(string program)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        return new(Process.Start(new ProcessStartInfo(host, [program, EngineCommand.Name, ServeArgument]) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
    }

    public Sample? Measure(EngineScenario scenario, EngineWindow window, CancellationToken stop)
    {
        _process.StandardInput.WriteLine(EngineLines.Write(scenario, window));
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLineAsync(stop).AsTask().GetAwaiter().GetResult();
        return EngineLines.ReadSample(answer ?? throw new InvalidOperationException("The process that measures Orleans ended."));
    }

    /// <summary>Measures what the lines of standard input ask for, until they end.</summary>
    public static void Serve(CancellationToken stop)
    {
        // What an engine prints by itself must not be taken for an answer.
        using var answers = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        Console.SetOut(Console.Error);
        using var contestant = EngineHosts.Start()[0];
        while (Console.In.ReadLine() is { } line)
        {
            var (scenario, window) = EngineLines.ReadRequest(line);
            answers.WriteLine(EngineLines.Write(contestant.Measure(scenario, window, stop)));
        }
    }

    public void Dispose()
    {
        // It ends when its input does.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30))) _process.Kill();
        _process.Dispose();
    }
}
