namespace OrleansPayments.Client.Commands;

/// <summary>The operator's commands: <c>ready</c> and <c>demo</c>.</summary>
internal static class CommandLine
{
    private const string Usage = """
        usage: client ready --url URL [--wait SECONDS]
               client demo --url URL --simulator URL      (the administrator's key is read from Api__AdminKey)
        """;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        try
        {
            var options = Options(args);
            var url = new Uri(options["url"]);
            switch (args[0])
            {
                case "ready":
                    await ReadyCommand.RunAsync(url, TimeSpan.FromSeconds(int.Parse(options.GetValueOrDefault("wait", "60"), null)), cancellationToken);
                    return 0;
                case "demo":
                    await DemoCommand.RunAsync(url, new Uri(options["simulator"]), AdminKey(), Console.Out, cancellationToken);
                    return 0;
                default:
                    await Console.Error.WriteLineAsync(Usage);
                    return 2;
            }
        }
        catch (Exception e) when (e is KeyNotFoundException or IndexOutOfRangeException or FormatException)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }
        catch (Exception e) when (e is PaymentsApiException or HttpRequestException or TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static string AdminKey() => Environment.GetEnvironmentVariable("Api__AdminKey") is { Length: > 0 } key
        ? key
        : throw new InvalidOperationException("Set Api__AdminKey to the administrator's key.");

    private static Dictionary<string, string> Options(string[] args)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal)) throw new FormatException($"'{args[i]}' is no option.");
            options[args[i][2..]] = args[i + 1];
        }

        return options;
    }
}
