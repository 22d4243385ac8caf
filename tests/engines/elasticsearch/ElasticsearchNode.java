// One Elasticsearch node out of the jars that Maven brings; its network module lies in FOLDER/modules.
// Run by java's single-file launch: java -cp 'JARS/*' ElasticsearchNode.java FOLDER HTTP_PORT TRANSPORT_PORT
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

public class ElasticsearchNode {
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    for (String it : new String[] {"config", "plugins", "modules", "data", "logs"}) {
      Files.createDirectories(folder.resolve(it));
    }
    LogConfigurator.configureESLogging();
    Settings settings = Settings.builder()
        .put("path.home", folder.toString())
        .put("path.data", folder.resolve("data").toString())
        .put("path.logs", folder.resolve("logs").toString())
        .put("cluster.name", "foldline")
        .put("node.name", "foldline-1")
        .put("network.host", "127.0.0.1")
        .put("http.port", arguments[1])
        .put("transport.port", arguments[2])
        .put("discovery.type", "single-node")
        .put("cluster.routing.allocation.disk.threshold_enabled", false)
        .put("action.auto_create_index", false)
        .put("node.processors", 2)
        .build();
    Environment environment = new Environment(settings, folder.resolve("config"));
    PluginsLoader loader = PluginsLoader.createPluginsLoader(
        PluginsLoader.loadModulesBundles(folder.resolve("modules")),
        PluginsLoader.loadPluginsBundles(folder.resolve("plugins")),
        Map.of(),
        false);
    Node node = new Node(environment, loader);
    node.start();
    System.out.println("READY " + org.elasticsearch.Build.current().version());
    Thread.currentThread().join();
  }
}
