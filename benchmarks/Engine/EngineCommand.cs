namespace OrleansPayments.Benchmarks.Engine;

/// <summary><c>./run bench engine</c>.</summary>
internal static class EngineCommand
{
    public const string Name = "engine";

    /// <summary>On the calling thread, which must be none of the pool's.</summary>
    /// <exception cref="BenchmarkRefusedException">The arguments are not understood.</exception>
    public static void Run(string[] args, CancellationToken stop)
    {
        switch (args)
        {
            case ["--help" or "-h"]:
                Console.WriteLine(EngineOptions.Usage);
                return;
            case [EngineProcess.ServeArgument]:
                EngineProcess.Serve(stop);
                return;
        }

        if (!EngineOptions.TryParse(args, out var options, out var problem)) throw new BenchmarkRefusedException(problem);
        var report = EngineBenchmark.Run(options, stop);
        EngineConsole.Print(report);
        if (options.JsonFile is { } file) File.WriteAllText(file, EngineJson.Render(report));
    }
}
