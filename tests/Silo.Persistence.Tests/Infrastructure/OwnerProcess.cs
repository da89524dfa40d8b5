using System.Diagnostics;
using System.Globalization;

namespace OrleansPayments.Silo.Persistence.Tests.Infrastructure;

/// <summary>Another process that owns a private cluster.</summary>
internal sealed class OwnerProcess : IDisposable
{
    private readonly Process _process;

    private OwnerProcess(Process process) => _process = process;

    public int ServerProcessId { get; private set; }

    public string ConnectionString { get; private set; } = "";

    public static async Task<OwnerProcess> StartAsync(string dataFolder, string? user = null)
    {
        string[] program = ["dotnet", "exec", typeof(Program).Assembly.Location, dataFolder];
        string[] all = user is null ? program : ["setpriv", $"--reuid={user}", "--regid=65534", "--clear-groups", "--", .. program];
        var info = new ProcessStartInfo(all[0], all[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        info.Environment["HOME"] = "/tmp";
        var owner = new OwnerProcess(Process.Start(info)!);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var line = await owner._process.StandardOutput.ReadLineAsync(patience.Token) ?? "";
        var complaint = line.Length > 0 ? line : await owner._process.StandardError.ReadToEndAsync(patience.Token);
        Assert.True(line.StartsWith("READY ", StringComparison.Ordinal), complaint);
        var parts = line.Split(' ', 3);
        owner.ServerProcessId = int.Parse(parts[1], CultureInfo.InvariantCulture);
        owner.ConnectionString = parts[2];
        return owner;
    }

    /// <summary>As SIGKILL does it: no chance to stop anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<int> StopAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
