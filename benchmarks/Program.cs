using System.Runtime.InteropServices;
using OrleansPayments.Benchmarks.Engine;
using OrleansPayments.Benchmarks.Replay;
using OrleansPayments.Benchmarks.Reporting;
using OrleansPayments.Benchmarks.Routing;

namespace OrleansPayments.Benchmarks;

/// <summary>Durable payments per second, end to end, beside what the same database does with the same rows; or, as <c>engine</c>, grain calls; or, as <c>routing</c>, decisions; or, as <c>replay</c>, replayed decisions.</summary>
internal static class Program
{
    private const int Passed = 0;
    private const int Failed = 1;
    private const int Refused = 2;
    private const int Interrupted = 130;

    public static async Task<int> Main(string[] args)
    {
        if (args is ["--help" or "-h"])
        {
            Console.WriteLine(BenchmarkOptions.Usage);
            return Passed;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            if (args is [EngineCommand.Name, .. var engineArgs])
            {
                EngineCommand.Run(engineArgs, stop.Token);
                return Passed;
            }

            if (args is [RoutingCommand.Name, .. var routingArgs])
            {
                RoutingCommand.Run(routingArgs);
                return Passed;
            }

            if (args is [ReplayCommand.Name, .. var replayArgs])
            {
                await ReplayCommand.RunAsync(replayArgs, stop.Token);
                return Passed;
            }

            if (!BenchmarkOptions.TryParse(args, out var options, out var problem)) throw new BenchmarkRefusedException(problem);
            var report = await BenchmarkRun.RunAsync(options, stop.Token);
            if (options.JsonFile is { } file) await File.WriteAllTextAsync(file, JsonReport.Render(report), CancellationToken.None);
            return ConsoleReport.Print(report) ? Passed : Failed;
        }
        catch (BenchmarkRefusedException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Refused;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted; everything that was started has been stopped.");
            return Interrupted;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
