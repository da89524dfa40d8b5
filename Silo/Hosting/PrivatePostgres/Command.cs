using System.ComponentModel;
using System.Diagnostics;

namespace OrleansPayments.Silo.Hosting.PrivatePostgres;

/// <summary>Runs one of the machine's own programs to its end.</summary>
internal static class Command
{
    /// <summary>Runs <paramref name="arguments"/>[0] with the rest as its arguments; no shell takes part.</summary>
    /// <exception cref="PrivatePostgresException">The program does not exist or did not end in time (it is then killed).</exception>
    public static async Task<CommandResult> RunAsync(
        IReadOnlyList<string> arguments,
        TimeSpan timeout,
        CancellationToken cancellation,
        string? input = null)
    {
        using var process = new Process { StartInfo = Describe(arguments) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new PrivatePostgresException($"'{arguments[0]}' cannot be run: {e.Message}", e);
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            if (input is not null)
                await process.StandardInput.WriteAsync(input.AsMemory(), deadline.Token).ConfigureAwait(false);
            process.StandardInput.Close();
            await process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
            return new CommandResult(
                process.ExitCode, (await output.ConfigureAwait(false)).Trim(), (await error.ConfigureAwait(false)).Trim());
        }
        catch (OperationCanceledException e)
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: false);
            cancellation.ThrowIfCancellationRequested();
            throw new PrivatePostgresException($"'{string.Join(' ', arguments)}' did not end within {timeout.TotalSeconds:0} s.", e);
        }
    }

    private static ProcessStartInfo Describe(IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo(arguments[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The other account may not be allowed to enter the folder that the silo was started in.
            WorkingDirectory = "/",
        };
        foreach (var argument in arguments.Skip(1))
            info.ArgumentList.Add(argument);

        // PGDATA, PGPORT, PGOPTIONS… of the caller's shell belong to another server.
        foreach (var name in info.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToList())
            info.Environment.Remove(name);
        info.Environment["LC_ALL"] = "C";
        return info;
    }
}

/// <summary>How a program ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <exception cref="PrivatePostgresException">The exit code is not 0.</exception>
    public CommandResult OrThrow(string purpose) =>
        ExitCode == 0 ? this : throw new PrivatePostgresException($"{purpose} failed (exit code {ExitCode}): {Join()}");

    private string Join() => string.Join(Environment.NewLine, new[] { Error, Output }.Where(text => text.Length > 0));
}
